#include "model/organisation.h"

namespace symbolon::model {

std::string make_domain_label(std::string_view name) {
  constexpr std::size_t kMaxLabel = 63;  // RFC 1035 §2.3.4
  std::string label;
  for (const char letter : name) {
    const bool upper = letter >= 'A' && letter <= 'Z';
    if (upper || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
      label += upper ? static_cast<char>(letter - 'A' + 'a') : letter;
    else if ((letter == ' ' || letter == '-') && !label.empty() && label.back() != '-')
      label += '-';
  }
  if (label.size() > kMaxLabel) label.resize(kMaxLabel);
  while (label.ends_with('-')) label.pop_back();
  return label;
}

}  // namespace symbolon::model
