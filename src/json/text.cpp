#include "json/text.h"

#include <boost/json.hpp>
#include <string_view>

namespace symbolon::json {
namespace {

void break_line(std::string& out, std::size_t depth) {
  out.push_back('\n');
  out.append(depth * 2, ' ');
}

void append_indented(std::string& out, const boost::json::value& value, std::size_t depth) {
  if (value.is_object() && !value.get_object().empty()) {
    out.push_back('{');
    bool first = true;
    for (const auto& member : value.get_object()) {
      if (!first) out.push_back(',');
      first = false;
      break_line(out, depth + 1);
      out += boost::json::serialize(member.key());
      out += ": ";
      append_indented(out, member.value(), depth + 1);
    }
    break_line(out, depth);
    out.push_back('}');
  } else if (value.is_array() && !value.get_array().empty()) {
    out.push_back('[');
    bool first = true;
    for (const auto& element : value.get_array()) {
      if (!first) out.push_back(',');
      first = false;
      break_line(out, depth + 1);
      append_indented(out, element, depth + 1);
    }
    break_line(out, depth);
    out.push_back(']');
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

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

std::string serialize_indented(const boost::json::value& value) {
  std::string out;
  append_indented(out, value, 0);
  return out;
}

}  // namespace symbolon::json
