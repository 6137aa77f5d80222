#include "pages/html.h"

namespace symbolon::pages {

Html& Html::operator<<(std::string_view text) {
  for (const char letter : text) {
    switch (letter) {
      case '&': out_ += "&amp;"; break;
      case '<': out_ += "&lt;"; break;
      case '>': out_ += "&gt;"; break;
      case '"': out_ += "&quot;"; break;
      case '\'': out_ += "&#39;"; break;
      default: out_.push_back(letter);
    }
  }
  return *this;
}

}  // namespace symbolon::pages
