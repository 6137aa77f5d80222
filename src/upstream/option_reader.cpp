#include "upstream/option_reader.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "http/url.h"

namespace symbolon::upstream {

namespace js = boost::json;

const js::value* OptionReader::find(std::string_view name) const {
  const js::value* value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void OptionReader::refuse(std::string_view name, std::string message) {
  refuse(SettingsError{path_of(name), std::move(message)});
}

void OptionReader::refuse(SettingsError error) {
  if (!error_) error_ = std::move(error);
}

void OptionReader::adopt(const OptionReader& inner) {
  if (!error_) error_ = inner.error();
}

std::string OptionReader::text(std::string_view name, std::size_t max_bytes) {
  const js::value* value = find(name);
  if (value == nullptr) return {};
  if (!value->is_string()) return refuse(name, "must be a string"), std::string();
  const std::string trimmed(trim(value->get_string()));
  if (trimmed.size() > max_bytes)
    return refuse(name, "is longer than " + std::to_string(max_bytes) + " bytes"), std::string();
  return trimmed;
}

std::string OptionReader::url(std::string_view name) {
  const std::string given = text(name);
  if (given.empty()) return {};
  const auto url = http::parse_url(given);
  if (!url || (!url->is_https() && !url->is_http()) || url->fragment)
    return refuse(name, "must be an absolute https URL without a fragment"), std::string();
  return given;
}

std::optional<bool> OptionReader::flag(std::string_view name) {
  const js::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) return refuse(name, "must be true or false"), std::nullopt;
  return value->get_bool();
}

std::vector<std::string> OptionReader::list(std::string_view name, std::size_t max_items, std::size_t max_bytes) {
  const js::value* value = find(name);
  if (value == nullptr) return {};
  if (value->is_string()) {
    const std::string one = text(name, max_bytes);
    return one.empty() ? std::vector<std::string>() : std::vector{one};
  }
  if (!value->is_array()) return refuse(name, "must be an array of strings"), std::vector<std::string>();
  if (value->get_array().size() > max_items)
    return refuse(name, "has more than " + std::to_string(max_items) + " items"), std::vector<std::string>();
  std::vector<std::string> items;
  for (const js::value& item : value->get_array()) {
    if (!item.is_string() || item.get_string().size() > max_bytes)
      return refuse(name, "must be an array of strings of at most " + std::to_string(max_bytes) + " bytes"),
             std::vector<std::string>();
    items.emplace_back(item.get_string());
  }
  return items;
}

const js::object* OptionReader::section(std::string_view name) {
  const js::value* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) return refuse(name, "must be an object"), nullptr;
  return &value->get_object();
}

std::vector<std::pair<std::string, std::string>> OptionReader::table(std::string_view name, std::size_t max_items,
                                                                     std::size_t max_bytes) {
  std::vector<std::pair<std::string, std::string>> rows;
  const js::object* object = section(name);
  if (object == nullptr) return rows;
  if (object->size() > max_items) refuse(name, "has more than " + std::to_string(max_items) + " members");
  for (const auto& member : *object) {
    if (!member.value().is_string() || member.value().get_string().size() > max_bytes) {
      refuse(name, "must have strings of at most " + std::to_string(max_bytes) + " bytes as members");
      break;
    }
    rows.emplace_back(member.key(), member.value().get_string());
  }
  return rows;
}

}  // namespace symbolon::upstream
