#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "upstream/mapping_template.h"

namespace symbolon::upstream {

/// Most attributes that one map may assign (login-runtime RP-72).
inline constexpr std::size_t kMaxMappedAttributes = 100;

/// Reads `attribute_map.attributes`. The error is a sentence that names the attribute and what is wrong with it.
std::expected<boost::json::object, std::string> parse_attribute_map(std::string_view attributes_json);

/// Whether a template inside `attribute` reads context.userinfo.
bool reads_userinfo(const boost::json::value& attribute);
/// Whether any attribute of the map does, or any that a failed userinfo call must not silently empty: the root
/// attributes and the e-mail address (RP-66, RP-67). False for a map that cannot be read.
bool map_reads_userinfo(std::string_view attributes_json);
bool map_needs_userinfo(std::string_view attributes_json);

/// What `attribute` becomes in `context`: strings are templates, also inside objects and arrays, everything else is
/// itself. nullopt when nothing comes of it; members and elements that nothing comes of are left out.
std::expected<std::optional<boost::json::value>, MappingTooLarge> expand_attribute(const boost::json::value& attribute,
                                                                                   const boost::json::object& context,
                                                                                   std::size_t& budget);

}  // namespace symbolon::upstream
