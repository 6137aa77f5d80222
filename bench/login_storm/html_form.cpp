#include "login_storm/html_form.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace symbolon::bench {
namespace {

void append_code_point(std::string& out, unsigned long code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xe0 | (code >> 12 & 0xf)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

/// Appends what `entity` (without '&' and ';') stands for; false when it is not one that pages use in attributes.
bool append_entity(std::string& out, std::string_view entity) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kNamed{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [name, letter] : kNamed) {
    if (entity != name) continue;
    out.push_back(letter);
    return true;
  }
  if (entity.size() < 2 || entity[0] != '#') return false;
  const bool hex = entity[1] == 'x' || entity[1] == 'X';
  const std::string digits(entity.substr(hex ? 2 : 1));
  char* end = nullptr;
  const unsigned long code = std::strtoul(digits.c_str(), &end, hex ? 16 : 10);
  if (digits.empty() || *end != '\0' || code == 0 || code > 0xffff) return false;
  append_code_point(out, code);
  return true;
}

std::string decode_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (end != std::string_view::npos && end - i <= 10 && append_entity(out, text.substr(i + 1, end - i - 1))) {
      i = end;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

constexpr std::string_view kSpace = " \t\r\n\f";

struct Tag {
  std::string name;  ///< lower case; "/form" for an end tag
  Parameters attributes;
  std::size_t end = 0;  ///< position behind '>'

  bool has(std::string_view attribute) const {
    return std::ranges::any_of(attributes, [&](const auto& pair) { return pair.first == attribute; });
  }
};

/// Reads one attribute at `at`, which it moves behind it.
std::pair<std::string, std::string> take_attribute(std::string_view html, std::size_t& at) {
  const std::size_t name_end = std::min(html.find_first_of(" \t\r\n\f=>", at), html.size());
  std::pair<std::string, std::string> attribute{to_lower_ascii(html.substr(at, name_end - at)), ""};
  at = std::min(html.find_first_not_of(kSpace, name_end), html.size());
  if (at >= html.size() || html[at] != '=') return attribute;
  at = std::min(html.find_first_not_of(kSpace, at + 1), html.size());
  const bool quoted = at < html.size() && (html[at] == '"' || html[at] == '\'');
  const std::size_t start = quoted ? at + 1 : at;
  const std::size_t end =
      std::min(quoted ? html.find(html[at], start) : html.find_first_of(" \t\r\n\f>", start), html.size());
  attribute.second = decode_entities(html.substr(start, end - start));
  at = std::min(quoted ? end + 1 : end, html.size());
  return attribute;
}

/// The next tag at or behind `from`; comments are passed over.
std::optional<Tag> next_tag(std::string_view html, std::size_t from) {
  std::size_t at = html.find('<', from);
  while (at != std::string_view::npos && html.substr(at).starts_with("<!--")) {
    const std::size_t end = html.find("-->", at);
    at = end == std::string_view::npos ? end : html.find('<', end);
  }
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t name_end = std::min(html.find_first_of(" \t\r\n\f>", at + 1), html.size());
  Tag tag{.name = to_lower_ascii(html.substr(at + 1, name_end - at - 1)), .attributes = {}, .end = html.size()};
  at = name_end;
  while (at < html.size() && html[at] != '>') {
    if (kSpace.find(html[at]) != std::string_view::npos || html[at] == '/' || html[at] == '=') {
      ++at;
      continue;
    }
    tag.attributes.push_back(take_attribute(html, at));
  }
  tag.end = std::min(at + 1, html.size());
  return tag;
}

void take_field(HtmlForm& form, const Tag& tag, bool& pressed) {
  const std::string name = value_of(tag.attributes, "name");
  const bool is_button = tag.name == "button";
  std::string type = to_lower_ascii(value_of(tag.attributes, "type"));
  if (type.empty()) type = is_button ? "submit" : "text";
  if (type == "submit" || type == "image") {
    if (pressed) return;
    pressed = true;
  } else if (is_button || type == "button" || type == "reset") {
    return;
  } else if ((type == "checkbox" || type == "radio") && !tag.has("checked")) {
    return;
  }
  if (!name.empty() && !tag.has("disabled")) form.fields.emplace_back(name, value_of(tag.attributes, "value"));
}

}  // namespace

std::optional<HtmlForm> find_form(std::string_view html) {
  std::optional<HtmlForm> form;
  bool pressed = false;
  std::size_t at = 0;
  while (const auto tag = next_tag(html, at)) {
    at = tag->end;
    if (!form && tag->name == "form") {
      form = HtmlForm{.post = equals_ignoring_case(value_of(tag->attributes, "method"), "post"),
                      .action = value_of(tag->attributes, "action"),
                      .fields = {}};
    } else if (form && tag->name == "/form") {
      break;
    } else if (form && (tag->name == "input" || tag->name == "button")) {
      take_field(*form, *tag, pressed);
    }
  }
  return form;
}

std::string find_title(std::string_view html) {
  std::size_t at = 0;
  while (const auto tag = next_tag(html, at)) {
    at = tag->end;
    if (tag->name == "title") return decode_entities(trim(html.substr(at, html.find('<', at) - at)));
  }
  return {};
}

}  // namespace symbolon::bench
