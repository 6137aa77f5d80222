#include "json/object_text.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>

namespace symbolon::json {

void append_quoted(std::string& out, std::string_view text) {
  const auto is_plain = [](unsigned char c) { return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f; };
  if (!std::ranges::all_of(text, is_plain)) {
    out += boost::json::serialize(boost::json::string_view(text));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

ObjectText::ObjectText(std::string object) : text_(std::move(object)) {
  if (text_.size() < 2 || !text_.starts_with('{') || !text_.ends_with('}')) throw std::invalid_argument("not the text of a JSON object");
  text_.pop_back();
}

void ObjectText::add_string(std::string_view name, std::string_view value) {
  add_json(name, {});
  append_quoted(text_, value);
}

void ObjectText::add_json(std::string_view name, std::string_view json) {
  if (text_.size() > 1) text_ += ',';
  append_quoted(text_, name);
  text_ += ':';
  text_ += json;
}

std::string ObjectText::take() {
  text_ += '}';
  return std::move(text_);
}

}  // namespace symbolon::json
