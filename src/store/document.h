#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::store {

// Members of a stored document. What is missing, null or of another type reads as the default: documents were checked
// when they were saved, and a newer version may have written them.

/// Throws std::invalid_argument, which names `what`, when `doc` is no JSON object.
boost::json::object parse_document(std::string_view what, std::string_view doc);

std::string text_of(const boost::json::object& object, std::string_view name, std::string_view otherwise = "");
bool flag_of(const boost::json::object& object, std::string_view name, bool otherwise);
std::vector<std::string> texts_of(const boost::json::object& object, std::string_view name);
/// Members of an object of texts.
std::map<std::string, std::string> text_map_of(const boost::json::object& object, std::string_view name);
std::chrono::seconds seconds_of(const boost::json::object& object, std::string_view name,
                                std::chrono::seconds otherwise);
/// An empty object when there is none.
const boost::json::object& object_of(const boost::json::object& object, std::string_view name);
/// The texts under `member` in an array of objects: `[{"value":"read:x"}]`.
std::vector<std::string> texts_in(const boost::json::object& object, std::string_view name, std::string_view member);

}  // namespace symbolon::store
