#include "zitadel/message.h"

#include <charconv>

#include "base/text.h"
#include "json/parse.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

std::string snake_case(std::string_view member) {
  std::string out;
  for (const char letter : member) {
    if (letter >= 'A' && letter <= 'Z') {
      out += '_';
      out += static_cast<char>(letter - 'A' + 'a');
    } else {
      out += letter;
    }
  }
  return out;
}

std::optional<std::int64_t> read_number(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64()) return std::nullopt;
  if (value.is_double()) {
    const double number = value.get_double();
    if (!(number < 9e15 && number > -9e15)) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(number);
    return static_cast<double>(whole) == number ? std::optional(whole) : std::nullopt;
  }
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.get_string();
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string length_rule(std::size_t least, std::size_t most) {
  if (least == 0) return "value length must be at most " + std::to_string(most) + " runes";
  return "value length must be between " + std::to_string(least) + " and " + std::to_string(most) +
         " runes, inclusive";
}

}  // namespace

std::string go_name(std::string_view member) {
  std::string out(member);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::expected<json::object, Error> read_body(std::string_view body) {
  if (trim(body).empty()) return json::object();
  auto parsed = symbolon::json::parse_object(body);
  if (parsed) return std::move(*parsed);
  return std::unexpected(plain(Code::invalid_argument, "the body cannot be read: " + symbolon::json::describe(parsed.error())));
}

const json::value* Message::find(std::string_view member) {
  const json::value* camel = members_.if_contains(member);
  const std::string other = snake_case(member);
  const json::value* snake = other == member ? nullptr : members_.if_contains(other);
  if (camel && snake) {
    refuse(plain(Code::invalid_argument, "the member " + std::string(member) + " is given twice"));
    return nullptr;
  }
  const json::value* found = camel ? camel : snake;
  return found && !found->is_null() ? found : nullptr;
}

void Message::refuse(Error error) {
  if (!error_) error_ = std::move(error);
}

void Message::wrong_type(std::string_view member, std::string_view wanted) {
  refuse(plain(Code::invalid_argument, "the member " + std::string(member) + " must be " + std::string(wanted)));
}

void Message::break_rule(std::string_view member, std::string_view rule) {
  refuse(plain(Code::invalid_argument, "invalid " + name_ + "." + go_name(member) + ": " + std::string(rule)));
}

std::string Message::text(std::string_view member) {
  const json::value* value = find(member);
  if (!value) return {};
  if (!value->is_string()) return wrong_type(member, "text"), std::string();
  return std::string(value->get_string());
}

bool Message::flag(std::string_view member) {
  const json::value* value = find(member);
  if (!value) return false;
  if (!value->is_bool()) return wrong_type(member, "true or false"), false;
  return value->get_bool();
}

std::int64_t Message::number(std::string_view member) {
  const json::value* value = find(member);
  if (!value) return 0;
  const auto number = read_number(*value);
  if (!number || *number < 0) return wrong_type(member, "a number that is not negative"), 0;
  return *number;
}

int Message::choice(std::string_view member, Enum names) {
  const json::value* value = find(member);
  if (!value) return names.front().second;
  if (value->is_string()) {
    for (const auto& [name, number] : names)
      if (name == std::string_view(value->get_string())) return number;
  } else if (const auto given = read_number(*value)) {
    for (const auto& [name, number] : names)
      if (number == *given) return number;
  }
  refuse(plain(Code::invalid_argument, "the member " + std::string(member) + " has no such value"));
  return names.front().second;
}

std::vector<std::string> Message::texts(std::string_view member) {
  std::vector<std::string> out;
  const json::array* items = array(member);
  if (!items) return out;
  for (const json::value& item : *items) {
    if (!item.is_string()) return wrong_type(member, "a list of texts"), out;
    out.emplace_back(item.get_string());
  }
  return out;
}

const json::object* Message::object(std::string_view member) {
  const json::value* value = find(member);
  if (!value) return nullptr;
  if (!value->is_object()) return wrong_type(member, "an object"), nullptr;
  return &value->get_object();
}

const json::array* Message::array(std::string_view member) {
  const json::value* value = find(member);
  if (!value) return nullptr;
  if (!value->is_array()) return wrong_type(member, "a list"), nullptr;
  return &value->get_array();
}

std::string Message::text_between(std::string_view member, std::size_t least, std::size_t most) {
  std::string value = text(member);
  const auto length = count_code_points(value);
  if (!length || *length < least || *length > most) break_rule(member, length_rule(least, most));
  return value;
}

}  // namespace symbolon::zitadel
