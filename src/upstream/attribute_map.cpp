#include "upstream/attribute_map.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "json/parse.h"
#include "upstream/attribute_names.h"
#include "upstream/claims_mapping.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using Expanded = std::expected<std::optional<js::value>, MappingTooLarge>;

std::optional<std::string> find_error(const js::value& attribute) {
  if (const auto* text = attribute.if_string()) {
    auto parsed = MappingTemplate::parse(*text);
    return parsed ? std::nullopt : std::optional(std::move(parsed.error()));
  }
  if (const auto* list = attribute.if_array()) {
    for (const js::value& element : *list)
      if (auto error = find_error(element)) return error;
  }
  if (const auto* object = attribute.if_object()) {
    for (const auto& member : *object)
      if (auto error = find_error(member.value())) return error;
  }
  return std::nullopt;
}

bool keeps_login_whole(std::string_view name) {
  return is_root_attribute(name) || name == "email" || name == "email_verified";
}

Expanded expand_array(const js::array& list, const js::object& context, std::size_t& budget) {
  js::array out;
  for (const js::value& element : list) {
    auto expanded = expand_attribute(element, context, budget);
    if (!expanded) return expanded;
    if (*expanded) out.push_back(std::move(**expanded));
  }
  return js::value(std::move(out));
}

Expanded expand_object(const js::object& object, const js::object& context, std::size_t& budget) {
  js::object out;
  for (const auto& member : object) {
    auto expanded = expand_attribute(member.value(), context, budget);
    if (!expanded) return expanded;
    if (*expanded) out[member.key()] = std::move(**expanded);
  }
  return js::value(std::move(out));
}

}  // namespace

std::expected<js::object, std::string> parse_attribute_map(std::string_view attributes_json) {
  auto attributes = json::parse_object(attributes_json);
  if (!attributes)
    return std::unexpected("the attributes are not a JSON object: " + json::describe(attributes.error()));
  if (attributes->size() > kMaxMappedAttributes) return std::unexpected("more than 100 attributes are mapped");
  for (const auto& member : *attributes)
    if (auto error = find_error(member.value()))
      return std::unexpected("attribute \"" + printable(member.key(), 100) + "\": " + *error);
  return std::move(*attributes);
}

std::optional<std::string> find_mapping_error(std::string_view attributes_json) {
  auto attributes = parse_attribute_map(attributes_json);
  return attributes ? std::nullopt : std::optional(std::move(attributes.error()));
}

bool reads_userinfo(const js::value& attribute) {
  if (const auto* text = attribute.if_string()) {
    const auto parsed = MappingTemplate::parse(*text);
    return parsed && parsed->reads_userinfo();
  }
  if (const auto* list = attribute.if_array()) return std::ranges::any_of(*list, reads_userinfo);
  const auto* object = attribute.if_object();
  return object != nullptr &&
         std::ranges::any_of(*object, [](const auto& member) { return reads_userinfo(member.value()); });
}

bool map_reads_userinfo(std::string_view attributes_json) {
  const auto attributes = parse_attribute_map(attributes_json);
  return attributes &&
         std::ranges::any_of(*attributes, [](const auto& member) { return reads_userinfo(member.value()); });
}

bool map_needs_userinfo(std::string_view attributes_json) {
  const auto attributes = parse_attribute_map(attributes_json);
  return attributes && std::ranges::any_of(*attributes, [](const auto& member) {
           return keeps_login_whole(member.key()) && reads_userinfo(member.value());
         });
}

Expanded expand_attribute(const js::value& attribute, const js::object& context, std::size_t& budget) {
  if (const auto* text = attribute.if_string()) {
    const auto parsed = MappingTemplate::parse(*text);
    if (!parsed) return std::nullopt;
    return parsed->expand(context, budget);
  }
  if (const auto* list = attribute.if_array()) return expand_array(*list, context, budget);
  if (const auto* object = attribute.if_object()) return expand_object(*object, context, budget);
  const std::size_t bytes = js::serialize(attribute).size();
  if (bytes > budget) return std::unexpected(MappingTooLarge{});
  budget -= bytes;
  return attribute;
}

}  // namespace symbolon::upstream
