#include "json/fields.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "json/convert.h"
#include "json/parse.h"

namespace symbolon::json {

void FieldReader::note_failure(std::string_view name, const std::string& inner) {
  if (failed_) return;
  failed_ = std::string(name);
  if (!inner.empty()) *failed_ += '.' + inner;
}

namespace detail {

boost::json::value& member(boost::json::object& object, std::string_view name) { return object[name]; }
boost::json::value& append(boost::json::array& array) { return array.emplace_back(nullptr); }
boost::json::object& make_object(boost::json::value& slot) { return slot.emplace_object(); }
boost::json::array& make_array(boost::json::value& slot) { return slot.emplace_array(); }

void put(boost::json::value& slot, std::string_view text) {
  if (!count_code_points(text)) throw std::invalid_argument("a field holds text that is not UTF-8");
  slot = text;
}
void put(boost::json::value& slot, bool truth) { slot = truth; }
void put(boost::json::value& slot, std::int64_t number) { slot = number; }
void put(boost::json::value& slot, const boost::json::object& object) { slot = object; }
void put(boost::json::value& slot, const boost::json::value& value) { slot = value; }

const boost::json::value* find_member(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

const boost::json::object* as_object(const boost::json::value& value) { return value.if_object(); }

std::vector<std::pair<std::string_view, const boost::json::value*>> members_of(const boost::json::object& object) {
  std::vector<std::pair<std::string_view, const boost::json::value*>> members;
  members.reserve(object.size());
  for (const auto& pair : object) members.emplace_back(pair.key(), &pair.value());
  return members;
}

std::optional<std::vector<const boost::json::value*>> elements_of(const boost::json::value& value) {
  const boost::json::array* array = value.if_array();
  if (array == nullptr) return std::nullopt;
  std::vector<const boost::json::value*> elements;
  elements.reserve(array->size());
  for (const boost::json::value& element : *array) elements.push_back(&element);
  return elements;
}

bool take(const boost::json::value& value, std::string& out) {
  const auto text = as_text(value);
  if (text) out.assign(*text);
  return text.has_value();
}

bool take(const boost::json::value& value, bool& out) {
  const auto truth = as_bool(value);
  if (truth) out = *truth;
  return truth.has_value();
}

bool take(const boost::json::value& value, std::int64_t& out) {
  const auto number = as_integer(value);
  if (number) out = *number;
  return number.has_value();
}

bool take(const boost::json::value& value, boost::json::object& out) {
  if (!value.is_object()) return false;
  out = value.get_object();
  return true;
}

bool take(const boost::json::value& value, boost::json::value& out) {
  out = value;
  return true;
}

Document::Document() : root_(std::make_unique<boost::json::object>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

std::optional<Document> Document::parse(std::string_view text) {
  constexpr std::size_t kMaxStoredBytes = 16 * 1024 * 1024;
  auto object = parse_object(text, {.bytes = kMaxStoredBytes});
  if (!object) return std::nullopt;
  Document document;
  *document.root_ = std::move(*object);
  return document;
}

std::string Document::serialize() const { return boost::json::serialize(*root_); }

}  // namespace detail
}  // namespace symbolon::json
