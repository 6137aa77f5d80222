#include "http/form.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace symbolon::http {
namespace {

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

enum class Plus { literal, space };

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char letter = text[at];
    if (letter == '+' && plus == Plus::space) letter = ' ';
    if (letter == '%') {
      if (at + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[at + 1]);
      const int low = hex_value(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      letter = static_cast<char>(high * 16 + low);
      at += 2;
    }
    if (letter == '\0') return std::nullopt;
    out.push_back(letter);
  }
  if (!count_code_points(out)) return std::nullopt;
  return out;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

std::expected<Fields, FormError> split(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.empty()) continue;
    if (fields.size() == Form::kMaxParameters) return std::unexpected(FormError::too_many);

    const auto equals = std::min(part.find('='), part.size());
    auto name = decode(part.substr(0, equals), Plus::space);
    auto value = decode(part.substr(std::min(equals + 1, part.size())), Plus::space);
    if (!name || !value) return std::unexpected(FormError::malformed);
    fields.emplace_back(std::move(*name), std::move(*value));
  }
  return fields;
}

const std::string* first_repeated(const Fields& fields, const std::vector<std::string>& repeatable) {
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const std::string& name = fields[i].first;
    const bool seen = std::any_of(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(i),
                                  [&](const auto& field) { return field.first == name; });
    if (seen && !contains(repeatable, name)) return &name;
  }
  return nullptr;
}

bool is_unreserved(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

}  // namespace

std::expected<Form, FormError> Form::parse(std::string_view text, const std::vector<std::string>& repeatable) {
  auto form = parse_lenient(text);
  if (form && first_repeated(form->fields_, repeatable)) return std::unexpected(FormError::repeated);
  return form;
}

std::expected<Form, FormError> Form::parse_lenient(std::string_view text) {
  auto fields = split(text);
  if (!fields) return std::unexpected(fields.error());
  Form form;
  form.fields_ = std::move(*fields);
  return form;
}

std::string Form::get(std::string_view name) const { return find(name).value_or(""); }

std::optional<std::string> Form::find(std::string_view name) const {
  for (const auto& [field, value] : fields_)
    if (field == name && !value.empty()) return value;
  return std::nullopt;
}

std::vector<std::string> Form::get_all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [field, value] : fields_)
    if (field == name && !value.empty()) values.push_back(value);
  return values;
}

bool Form::has(std::string_view name) const { return find(name).has_value(); }

bool Form::mentions(std::string_view name) const {
  return std::ranges::any_of(fields_, [&](const auto& field) { return field.first == name; });
}

void Form::add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

std::optional<std::string> find_repeated(std::string_view text) {
  const auto fields = split(text);
  if (!fields) return std::nullopt;
  const std::string* name = first_repeated(*fields, {});
  return name ? std::optional(*name) : std::nullopt;
}

std::string encode_form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out.push_back('&');
    out += percent_encode(name);
    out.push_back('=');
    out += percent_encode(value);
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char letter : text) {
    if (is_unreserved(letter)) {
      out.push_back(letter);
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(letter);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, Plus::literal); }

}  // namespace symbolon::http
