#pragma once

#include <boost/json.hpp>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace symbolon::app {

/// A configuration file that was read. Values may come from elsewhere: `!env NAME` is the environment variable, `!file
/// PATH` the content of a file without its last line break, relative to the configuration file.
struct YamlFile {
  boost::json::value value;
  std::vector<std::string> secrets;  ///< what came from elsewhere: never to be printed
};

/// Reads YAML 1.2 as JSON: plain scalars have the types of the core schema, quoted ones are text. Otherwise a sentence
/// with the line, for: malformed YAML, a name given twice, an unknown tag, a variable or file that is not there.
std::expected<YamlFile, std::string> read_yaml(const std::string& text, const std::filesystem::path& folder);

/// `value` as YAML in block style; text that another reader could take for something else is quoted.
std::string write_yaml(const boost::json::value& value);

}  // namespace symbolon::app
