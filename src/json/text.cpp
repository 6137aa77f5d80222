#include "json/text.h"

#include <boost/json.hpp>
#include <string_view>

namespace symbolon::json {

std::string serialize_for_script(const boost::json::value& value) {
  // Outside of strings JSON has none of these characters, and inside of them \u escapes mean the same.
  const std::string plain = boost::json::serialize(value);
  std::string out;
  out.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::string_view rest = std::string_view(plain).substr(i);
    if (plain[i] == '<') {
      out += "\\u003c";
    } else if (plain[i] == '>') {
      out += "\\u003e";
    } else if (plain[i] == '&') {
      out += "\\u0026";
    } else if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) {
      out += rest[2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += plain[i];
    }
  }
  return out;
}

}  // namespace symbolon::json
