#include "management/schema_validator.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <stdexcept>

#include "base/text.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

// Keywords that check() acts on, and those that only describe.
constexpr std::array<std::string_view, 30> kKeywords{
    "type", "enum", "const", "format", "minLength", "maxLength", "minimum", "maximum", "items", "minItems", "maxItems",
    "uniqueItems", "properties", "required", "additionalProperties", "minProperties", "maxProperties", "$ref", "anyOf",
    "description", "title", "example", "examples", "default", "readOnly", "writeOnly", "deprecated", "x-unset",
    "contentMediaType", "x-echoed"};

std::string_view type_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "boolean";
    case json::kind::int64:
    case json::kind::uint64: return "integer";
    case json::kind::double_: return value.get_double() == std::floor(value.get_double()) ? "integer" : "number";
    case json::kind::string: return "string";
    case json::kind::array: return "array";
    case json::kind::object: return "object";
  }
  return "null";
}

bool has_type(const json::value& value, std::string_view wanted) {
  const std::string_view actual = type_name(value);
  return actual == wanted || (wanted == "number" && actual == "integer");
}

std::string_view text_of(const json::value& value) {
  const auto& text = value.get_string();
  return {text.data(), text.size()};
}

double number_of(const json::value& value) { return value.to_number<double>(); }

// As people write it: 0.01, where JSON has 1E-2.
std::string digits_of(const json::value& value) {
  return value.is_double() ? fmt::format("{}", value.get_double()) : json::serialize(value);
}

std::string description_of(const json::object& schema) {
  const auto* text = schema.if_contains("description");
  return text && text->is_string() ? std::string(text_of(*text)) : std::string();
}

std::string child(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

// One walk over a value; stops at the first error.
class Walk {
 public:
  explicit Walk(const SchemaValidator& validator) : validator_(validator) {}

  std::optional<SchemaError> check(const json::value& value, const json::object& given, const std::string& path) {
    const json::object& schema = validator_.resolve(given);
    if (const auto* alternatives = schema.if_contains("anyOf")) return check_any(value, alternatives->get_array(), path);
    if (auto error = check_type(value, schema, path)) return error;
    if (auto error = check_values(value, schema, path)) return error;
    if (value.is_string()) return check_string(text_of(value), schema, path);
    if (value.is_number()) return check_number(value, schema, path);
    if (value.is_array()) return check_array(value.get_array(), schema, path);
    if (value.is_object()) return check_object(value.get_object(), schema, path);
    return std::nullopt;
  }

 private:
  static SchemaError error(std::string reason, const std::string& path, const json::object& schema) {
    return {std::move(reason), path, description_of(schema)};
  }

  std::optional<SchemaError> check_any(const json::value& value, const json::array& alternatives,
                                       const std::string& path) {
    std::optional<SchemaError> best;
    for (const json::value& alternative : alternatives) {
      auto found = check(value, alternative.get_object(), path);
      if (!found) return std::nullopt;
      // The alternative that was understood furthest tells most.
      if (!best || found->path.size() > best->path.size()) best = std::move(found);
    }
    return best;
  }

  static std::optional<SchemaError> check_type(const json::value& value, const json::object& schema,
                                               const std::string& path) {
    const auto* wanted = schema.if_contains("type");
    if (!wanted) return std::nullopt;
    std::string names;
    if (wanted->is_string()) {
      if (has_type(value, text_of(*wanted))) return std::nullopt;
      names = text_of(*wanted);
    } else {
      for (const json::value& one : wanted->get_array()) {
        if (has_type(value, text_of(one))) return std::nullopt;
        if (!names.empty()) names += "/";
        names += text_of(one);
      }
    }
    return error(fmt::format("Expected type {} but found type {}", names, type_name(value)), path, schema);
  }

  static std::optional<SchemaError> check_values(const json::value& value, const json::object& schema,
                                                 const std::string& path) {
    if (const auto* only = schema.if_contains("const"); only && *only != value)
      return error("No enum match for: " + json::serialize(value), path, schema);
    const auto* allowed = schema.if_contains("enum");
    if (!allowed || value.is_null()) return std::nullopt;
    for (const json::value& one : allowed->get_array())
      if (one == value) return std::nullopt;
    return error("No enum match for: " + json::serialize(value), path, schema);
  }

  static std::optional<SchemaError> check_string(std::string_view value, const json::object& schema,
                                                 const std::string& path) {
    const auto length = count_code_points(value);
    if (!length) return error("Object didn't pass validation for format utf-8", path, schema);
    if (const auto* least = schema.if_contains("minLength"); least && static_cast<double>(*length) < number_of(*least))
      return error(fmt::format("String is too short ({} chars), minimum {}", *length, json::serialize(*least)), path,
                   schema);
    if (const auto* most = schema.if_contains("maxLength"); most && static_cast<double>(*length) > number_of(*most))
      return error(fmt::format("String is too long ({} chars), maximum {}", *length, json::serialize(*most)), path,
                   schema);
    const auto* format = schema.if_contains("format");
    if (!format || matches_format(text_of(*format), value)) return std::nullopt;
    const std::string why = explain_mismatch(text_of(*format), value);
    return error(fmt::format("Object didn't pass validation for format {}: {}{}", text_of(*format),
                             printable(value, 200), why.empty() ? "" : ", which " + why), path, schema);
  }

  static std::optional<SchemaError> check_number(const json::value& value, const json::object& schema,
                                                 const std::string& path) {
    if (const auto* least = schema.if_contains("minimum"); least && number_of(value) < number_of(*least))
      return error(fmt::format("Value {} is less than minimum {}", digits_of(value), digits_of(*least)), path, schema);
    if (const auto* most = schema.if_contains("maximum"); most && number_of(value) > number_of(*most))
      return error(fmt::format("Value {} is greater than maximum {}", digits_of(value), digits_of(*most)), path, schema);
    return std::nullopt;
  }

  std::optional<SchemaError> check_array(const json::array& value, const json::object& schema,
                                         const std::string& path) {
    if (const auto* least = schema.if_contains("minItems"); least && static_cast<double>(value.size()) < number_of(*least))
      return error(fmt::format("Array is too short ({}), minimum {}", value.size(), json::serialize(*least)), path,
                   schema);
    if (const auto* most = schema.if_contains("maxItems"); most && static_cast<double>(value.size()) > number_of(*most))
      return error(fmt::format("Array is too long ({}), maximum {}", value.size(), json::serialize(*most)), path,
                   schema);
    if (const auto* unique = schema.if_contains("uniqueItems"); unique && unique->get_bool())
      for (std::size_t i = 0; i < value.size(); ++i)
        for (std::size_t k = i + 1; k < value.size(); ++k)
          if (value[i] == value[k])
            return error(fmt::format("Array items are not unique (indexes {} and {})", i, k), path, schema);
    const auto* items = schema.if_contains("items");
    if (!items) return std::nullopt;
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto found = check(value[i], items->get_object(), fmt::format("{}[{}]", path, i))) return found;
    return std::nullopt;
  }

  std::optional<SchemaError> check_object(const json::object& value, const json::object& schema,
                                          const std::string& path) {
    static const json::object kNone;
    const auto* known_member = schema.if_contains("properties");
    const json::object& known = known_member ? known_member->get_object() : kNone;
    const auto* others = schema.if_contains("additionalProperties");
    if (others && others->is_bool() && !others->get_bool()) {
      std::string unknown;
      for (const auto& [name, member] : value)
        if (!known.contains(name)) unknown += (unknown.empty() ? "" : ",") + std::string(name);
      if (!unknown.empty()) return error("Additional properties not allowed: " + unknown, path, schema);
    }
    if (const auto* required = schema.if_contains("required"))
      for (const json::value& name : required->get_array())
        if (!value.contains(name.get_string()))
          return error("Missing required property: " + std::string(text_of(name)), path, schema);
    if (const auto* least = schema.if_contains("minProperties");
        least && static_cast<double>(value.size()) < number_of(*least))
      return error(fmt::format("Too few properties defined ({}), minimum {}", value.size(), json::serialize(*least)),
                   path, schema);
    if (const auto* most = schema.if_contains("maxProperties");
        most && static_cast<double>(value.size()) > number_of(*most))
      return error(fmt::format("Too many properties defined ({}), maximum {}", value.size(), json::serialize(*most)),
                   path, schema);
    for (const auto& [name, member] : value) {
      const auto* own = known.if_contains(name);
      if (!own && others && others->is_object()) own = others;
      if (!own) continue;
      if (auto found = check(member, own->get_object(), child(path, name))) return found;
    }
    return std::nullopt;
  }

  const SchemaValidator& validator_;
};

}  // namespace

const json::object& SchemaValidator::resolve(const json::object& schema) const {
  const auto* reference = schema.if_contains("$ref");
  if (!reference) return schema;
  static constexpr std::string_view kPrefix = "#/components/schemas/";
  const std::string_view name = text_of(*reference);
  const auto* target = name.starts_with(kPrefix) ? components_.if_contains(name.substr(kPrefix.size())) : nullptr;
  if (!target) throw std::logic_error("contract: no schema for " + std::string(name));
  return target->get_object();
}

std::optional<SchemaError> SchemaValidator::check(const json::value& value, const json::object& schema) const {
  return Walk(*this).check(value, schema, {});
}

void SchemaValidator::check_schema(const json::object& schema) const {
  for (const auto& [keyword, value] : schema) {
    const std::string_view name = keyword;
    if (std::ranges::find(kKeywords, name) == kKeywords.end())
      throw std::logic_error("contract: unknown keyword " + std::string(name));
    if (name == "format" && !is_known_format(text_of(value)))
      throw std::logic_error("contract: unknown format " + std::string(text_of(value)));
    if (name == "$ref") resolve(schema);
    if (name == "items" || (name == "additionalProperties" && value.is_object())) check_schema(value.get_object());
    if (name == "properties")
      for (const auto& member : value.get_object()) check_schema(member.value().get_object());
    if (name == "anyOf")
      for (const json::value& one : value.get_array()) check_schema(one.get_object());
  }
}

std::string payload_message(const SchemaError& error) {
  std::string text = "Payload validation error: '" + error.reason + "'";
  if (!error.path.empty()) {
    text += " on property " + error.path;
    if (!error.description.empty()) {
      std::string_view description = error.description;
      while (description.ends_with('.')) description.remove_suffix(1);
      text += " (" + std::string(description) + ")";
    }
  }
  return text + ".";
}

}  // namespace symbolon::management
