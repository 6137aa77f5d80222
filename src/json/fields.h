#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"

namespace symbolon::json {

// Structs as JSON objects, written once for both directions. Beside the struct stands
//
//   template <class V> void fields(V& v, LoginTicket& t) { v("state", t.state); v("nonce", t.nonce); }
//
// A member may be text, bool, integer, Instant (milliseconds), a chrono duration (its count), an Id, an enum with
// to_string() and from_text(), a struct with fields(), a JSON object or value, and optionals, vectors, maps and pairs
// (arrays of two) of these.
// Text must be UTF-8 (writing throws std::invalid_argument, because the row could never be read): encode raw bytes.
// Unknown members are ignored and missing or null ones keep their default, so that an older or newer row still reads.

/// The member that could not be read: `upstream.issuer`, or empty when the text is no JSON object at all.
struct FieldError {
  std::string member;
};

class FieldWriter {
 public:
  explicit FieldWriter(boost::json::object& out) noexcept : out_(out) {}

  template <class T>
  void operator()(std::string_view name, const T& value);

 private:
  boost::json::object& out_;
};

class FieldReader {
 public:
  explicit FieldReader(const boost::json::object& in) noexcept : in_(in) {}

  template <class T>
  void operator()(std::string_view name, T& out);

  /// The first member that was of the wrong type.
  const std::optional<std::string>& failed() const noexcept { return failed_; }

 private:
  void note_failure(std::string_view name, const std::string& inner);

  const boost::json::object& in_;
  std::optional<std::string> failed_;
};

template <class T>
concept HasFields = requires(FieldWriter& writer, T& value) { fields(writer, value); };

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T value, std::string_view text) {
  { to_string(value) } -> std::convertible_to<std::string_view>;
  { from_text(text, value) } -> std::same_as<bool>;
};

// Everything that needs Boost.JSON's definitions is behind these, so that this header needs its declarations only.
namespace detail {

boost::json::value& member(boost::json::object& object, std::string_view name);
boost::json::value& append(boost::json::array& array);
boost::json::object& make_object(boost::json::value& slot);
boost::json::array& make_array(boost::json::value& slot);
void put(boost::json::value& slot, std::string_view text);
void put(boost::json::value& slot, bool truth);
void put(boost::json::value& slot, std::int64_t number);
void put(boost::json::value& slot, const boost::json::object& object);
void put(boost::json::value& slot, const boost::json::value& value);

/// Null when the member is missing or null.
const boost::json::value* find_member(const boost::json::object& object, std::string_view name);
const boost::json::object* as_object(const boost::json::value& value);
std::vector<std::pair<std::string_view, const boost::json::value*>> members_of(const boost::json::object& object);
/// Nullopt when `value` is no array.
std::optional<std::vector<const boost::json::value*>> elements_of(const boost::json::value& value);
bool take(const boost::json::value& value, std::string& out);
bool take(const boost::json::value& value, bool& out);
bool take(const boost::json::value& value, std::int64_t& out);
bool take(const boost::json::value& value, boost::json::object& out);
bool take(const boost::json::value& value, boost::json::value& out);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsPair : std::false_type {};
template <class A, class B>
struct IsPair<std::pair<A, B>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};
template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};
template <class T>
struct IsDuration : std::false_type {};
template <class R, class P>
struct IsDuration<std::chrono::duration<R, P>> : std::true_type {};

template <class T>
void write(boost::json::value& slot, const T& value) {
  if constexpr (IsVector<T>::value) {
    boost::json::array& array = make_array(slot);
    for (const auto& element : value) write<typename T::value_type>(append(array), element);
  } else if constexpr (IsPair<T>::value) {
    boost::json::array& array = make_array(slot);
    write(append(array), value.first);
    write(append(array), value.second);
  } else if constexpr (IsMap<T>::value) {
    boost::json::object& object = make_object(slot);
    for (const auto& [name, element] : value) write(member(object, name), element);
  } else if constexpr (std::same_as<T, Instant>) {
    put(slot, to_epoch_millis(value));
  } else if constexpr (IsDuration<T>::value) {
    put(slot, static_cast<std::int64_t>(value.count()));
  } else if constexpr (IsId<T>::value) {
    put(slot, std::string_view(value.str()));
  } else if constexpr (NamedEnum<T>) {
    put(slot, std::string_view(to_string(value)));
  } else if constexpr (std::same_as<T, std::string>) {
    put(slot, std::string_view(value));
  } else if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    static_assert(std::signed_integral<T> || sizeof(T) < sizeof(std::int64_t), "not every value fits int64_t");
    put(slot, static_cast<std::int64_t>(value));
  } else if constexpr (HasFields<T>) {
    FieldWriter nested(make_object(slot));
    // fields() serves both directions and so asks for a mutable struct; a writer only reads it.
    fields(nested, const_cast<T&>(value));
  } else {
    put(slot, value);
  }
}

/// False when the value is of another type; `where` then names the inner member, if there is one.
template <class T>
bool read(const boost::json::value& value, T& out, std::string& where);

template <class T>
bool read_vector(const boost::json::value& value, std::vector<T>& out, std::string& where) {
  const auto elements = elements_of(value);
  if (!elements) return false;
  std::vector<T> read_elements;
  read_elements.reserve(elements->size());
  for (const boost::json::value* element : *elements) {
    T one{};
    if (!read(*element, one, where)) return false;
    read_elements.push_back(std::move(one));
  }
  out = std::move(read_elements);
  return true;
}

template <class A, class B>
bool read_pair(const boost::json::value& value, std::pair<A, B>& out, std::string& where) {
  const auto elements = elements_of(value);
  if (!elements || elements->size() != 2) return false;
  return read(*elements->front(), out.first, where) && read(*elements->back(), out.second, where);
}

template <class T>
bool read_map(const boost::json::value& value, std::map<std::string, T>& out, std::string& where) {
  const boost::json::object* object = as_object(value);
  if (object == nullptr) return false;
  std::map<std::string, T> read_members;
  for (const auto& [name, element] : members_of(*object))
    if (!read(*element, read_members[std::string(name)], where)) return false;
  out = std::move(read_members);
  return true;
}

template <class T>
bool read_fields(const boost::json::value& value, T& out, std::string& where) {
  const boost::json::object* object = as_object(value);
  if (object == nullptr) return false;
  FieldReader nested(*object);
  fields(nested, out);
  if (nested.failed()) where = *nested.failed();
  return !nested.failed();
}

template <class T>
bool read(const boost::json::value& value, T& out, std::string& where) {
  std::string text;
  std::int64_t number = 0;
  if constexpr (IsVector<T>::value) {
    return read_vector(value, out, where);
  } else if constexpr (IsPair<T>::value) {
    return read_pair(value, out, where);
  } else if constexpr (IsMap<T>::value) {
    return read_map(value, out, where);
  } else if constexpr (std::same_as<T, Instant>) {
    if (!take(value, number)) return false;
    out = from_epoch_millis(number);
    return true;
  } else if constexpr (IsDuration<T>::value) {
    if (!take(value, number) || !std::in_range<typename T::rep>(number)) return false;
    out = T(static_cast<typename T::rep>(number));
    return true;
  } else if constexpr (IsId<T>::value) {
    if (!take(value, text)) return false;
    out = T(std::move(text));
    return true;
  } else if constexpr (NamedEnum<T>) {
    return take(value, text) && from_text(std::string_view(text), out);
  } else if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    if (!take(value, number) || !std::in_range<T>(number)) return false;
    out = static_cast<T>(number);
    return true;
  } else if constexpr (HasFields<T>) {
    return read_fields(value, out, where);
  } else {
    return take(value, out);
  }
}

/// An object kept out of sight, for callers that want text only.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  static std::optional<Document> parse(std::string_view text);
  boost::json::object& root() noexcept { return *root_; }
  std::string serialize() const;

 private:
  std::unique_ptr<boost::json::object> root_;
};

}  // namespace detail

template <class T>
void FieldWriter::operator()(std::string_view name, const T& value) {
  if constexpr (detail::IsOptional<T>::value) {
    if (value) detail::write(detail::member(out_, name), *value);
  } else {
    detail::write(detail::member(out_, name), value);
  }
}

template <class T>
void FieldReader::operator()(std::string_view name, T& out) {
  const boost::json::value* value = detail::find_member(in_, name);
  if (value == nullptr) return;
  std::string where;
  bool good = false;
  if constexpr (detail::IsOptional<T>::value) {
    good = detail::read(*value, out.emplace(), where);
  } else {
    good = detail::read(*value, out, where);
  }
  if (!good) note_failure(name, where);
}

/// Needs <boost/json.hpp> at the caller; serialize_fields() does not.
template <HasFields T, class Object = boost::json::object>
Object to_json(const T& value) {
  Object object;
  FieldWriter writer(object);
  fields(writer, const_cast<T&>(value));
  return object;
}

template <HasFields T>
[[nodiscard]] std::expected<T, FieldError> from_json(const boost::json::object& object) {
  T value{};
  FieldReader reader(object);
  fields(reader, value);
  if (reader.failed()) return std::unexpected(FieldError{*reader.failed()});
  return value;
}

template <HasFields T>
std::string serialize_fields(const T& value) {
  detail::Document document;
  FieldWriter writer(document.root());
  fields(writer, const_cast<T&>(value));
  return document.serialize();
}

template <HasFields T>
[[nodiscard]] std::expected<T, FieldError> parse_fields(std::string_view text) {
  auto document = detail::Document::parse(text);
  if (!document) return std::unexpected(FieldError{});
  return from_json<T>(document->root());
}

}  // namespace symbolon::json
