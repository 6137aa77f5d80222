#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace symbolon::json {

/// `value` as JSON that may stand inside an HTML `<script>` element: `<`, `>`, `&`, U+2028 and U+2029 are escaped, so
/// that no value can end the element, open a comment, or break a line of an old JavaScript engine.
std::string serialize_for_script(const boost::json::value& value);

/// `value` for people: one member a line, two spaces a level.
std::string serialize_indented(const boost::json::value& value);

}  // namespace symbolon::json
