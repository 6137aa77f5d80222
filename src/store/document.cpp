#include "store/document.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "json/parse.h"
#include "json/read.h"

namespace symbolon::store {

boost::json::object parse_document(std::string_view what, std::string_view doc) {
  auto object = json::parse_object(doc);
  if (!object) throw std::invalid_argument(std::string(what) + ": " + json::describe(object.error()));
  return std::move(*object);
}

std::string text_of(const boost::json::object& object, std::string_view name, std::string_view otherwise) {
  return std::string(json::find_text(object, name).value_or(otherwise));
}

bool flag_of(const boost::json::object& object, std::string_view name, bool otherwise) {
  return json::find_bool(object, name).value_or(otherwise);
}

std::vector<std::string> texts_of(const boost::json::object& object, std::string_view name) {
  return json::find_strings(object, name).value_or(std::vector<std::string>());
}

std::map<std::string, std::string> text_map_of(const boost::json::object& object, std::string_view name) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : object_of(object, name))
    if (const auto* text = value.if_string()) texts.emplace(key, *text);
  return texts;
}

std::chrono::seconds seconds_of(const boost::json::object& object, std::string_view name,
                                std::chrono::seconds otherwise) {
  const auto seconds = json::find_integer(object, name);
  return seconds ? std::chrono::seconds(*seconds) : otherwise;
}

const boost::json::object& object_of(const boost::json::object& object, std::string_view name) {
  static const boost::json::object kEmpty;
  const boost::json::object* found = json::find_object(object, name);
  return found ? *found : kEmpty;
}

std::vector<std::string> texts_in(const boost::json::object& object, std::string_view name, std::string_view member) {
  std::vector<std::string> texts;
  const boost::json::array* array = json::find_array(object, name);
  if (array == nullptr) return texts;
  for (const boost::json::value& item : *array)
    if (const auto* element = item.if_object())
      if (auto text = json::find_string(*element, member)) texts.push_back(std::move(*text));
  return texts;
}

}  // namespace symbolon::store
