#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "pages/html.h"

// Schemas of the contract as a reader sees them.
namespace symbolon::app {

/// The name at the end of `#/components/schemas/Name`; empty when `schema` is no reference.
std::string referenced_name(const boost::json::object& schema);

/// What a value of `schema` is, in words, with links to the schemas that have a name: "array of Connection".
pages::Html type_of(const boost::json::object& schema);

/// Limits, formats and fixed values: "1 to 128 characters".
std::string limits_of(const boost::json::object& schema);

/// A table of the members of an object schema, those of nested objects with dotted names; empty when it has none.
pages::Html member_table(const boost::json::object& schema);

}  // namespace symbolon::app
