// Attribute maps: a template, or a whole map, and behind a NUL the context that it is expanded in.

#include "upstream/mapping_template.h"

#include <boost/json.hpp>

#include "check.h"
#include "json/parse.h"
#include "upstream/attribute_map.h"

namespace {

using namespace symbolon;

constexpr std::string_view kUsualContext =
    R"({"connection":{"id":"c","name":"n","strategy":"oidc"},"tokenset":{"a":"b","n":null,"l":[1,"x"],"o":{"p":{}}},"userinfo":{"a":1.5}})";

std::size_t size_of(const boost::json::value& value) {
  return value.is_string() ? value.get_string().size() : boost::json::serialize(value).size();
}

void expand(std::string_view text, const boost::json::object& context) {
  const auto parsed = upstream::MappingTemplate::parse(text);
  if (!parsed) return check(!parsed.error().empty());
  check(text.size() <= upstream::kMaxTemplateBytes);
  if (parsed->reads_userinfo()) check(text.contains("userinfo"));

  std::size_t budget = upstream::kMaxMappingBytes;
  const auto value = parsed->expand(context, budget);
  check(budget <= upstream::kMaxMappingBytes);
  if (value && *value) check(size_of(**value) <= upstream::kMaxMappingBytes);
  if (!text.contains("${")) check(value && *value && **value == boost::json::value(text));
}

void expand_map(std::string_view text, const boost::json::object& context) {
  const auto map = upstream::parse_attribute_map(text);
  if (!map) return check(!map.error().empty() && !upstream::map_reads_userinfo(text));
  if (upstream::map_needs_userinfo(text)) check(upstream::map_reads_userinfo(text));
  std::size_t budget = upstream::kMaxMappingBytes;
  for (const auto& member : *map)
    if (!upstream::expand_attribute(member.value(), context, budget)) break;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = view(bytes, size);
  const std::size_t end = std::min(text.find('\0'), text.size());
  auto context = json::parse_object(end < text.size() ? text.substr(end + 1) : kUsualContext);
  if (!context) return 0;
  if (json::parse(boost::json::serialize(boost::json::value(text.substr(0, end)))))
    expand(text.substr(0, end), *context);
  expand_map(text.substr(0, end), *context);
  return 0;
}
