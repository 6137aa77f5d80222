#include "app/yaml_text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace symbolon::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 64;
constexpr std::string_view kCore = "tag:yaml.org,2002:";

std::runtime_error mistake(const YAML::Node& node, const std::string& sentence) {
  return std::runtime_error("line " + std::to_string(node.Mark().line + 1) + ": " + sentence);
}

// The types of the YAML 1.2 core schema, without its octal and hexadecimal numbers.
json::value plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text.find_first_not_of("0123456789+-.eE") != std::string::npos) return json::value(text);
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (auto [at, error] = std::from_chars(text.data(), end, whole); error == std::errc() && at == end) return whole;
  double number = 0;
  if (auto [at, error] = std::from_chars(text.data(), end, number); error == std::errc() && at == end) return number;
  return json::value(text);
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& folder) : folder_(folder) {}

  json::value read(const YAML::Node& node, std::size_t depth = 0) {
    if (depth > kMaxDepth) throw mistake(node, "nested too deeply");
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: return nullptr;
      case YAML::NodeType::Scalar: return scalar(node);
      case YAML::NodeType::Sequence: {
        json::array list;
        for (const auto& item : node) list.push_back(read(item, depth + 1));
        return list;
      }
      case YAML::NodeType::Map: return map(node, depth);
    }
    return nullptr;
  }

  std::vector<std::string> take_secrets() { return std::move(secrets_); }

 private:
  json::value map(const YAML::Node& node, std::size_t depth) {
    json::object object;
    for (const auto& item : node) {
      if (!item.first.IsScalar()) throw mistake(item.first, "a name must be text");
      const std::string name = item.first.Scalar();
      if (object.contains(name)) throw mistake(item.first, "'" + name + "' is given twice");
      object[name] = read(item.second, depth + 1);
    }
    return object;
  }

  json::value scalar(const YAML::Node& node) {
    const std::string& tag = node.Tag();
    if (tag == "!env") return secret(variable(node));
    if (tag == "!file") return secret(file(node));
    if (tag == "!" || tag == std::string(kCore) + "str") return json::value(node.Scalar());
    if (tag.empty() || tag == "?" || tag.starts_with(kCore)) return plain_scalar(node.Scalar());
    throw mistake(node, "unknown tag " + tag + "; there are !env and !file");
  }

  json::value secret(std::string value) {
    if (!value.empty()) secrets_.push_back(value);
    return json::value(value);
  }

  static std::string variable(const YAML::Node& node) {
    const char* value = std::getenv(node.Scalar().c_str());
    if (value == nullptr) throw mistake(node, "the environment variable " + node.Scalar() + " is not set");
    return value;
  }

  std::string file(const YAML::Node& node) const {
    std::ifstream in(folder_ / node.Scalar(), std::ios::binary);
    if (!in) throw mistake(node, "the file " + node.Scalar() + " cannot be read");
    std::ostringstream content;
    content << in.rdbuf();
    std::string text = std::move(content).str();
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
  }

  const std::filesystem::path folder_;
  std::vector<std::string> secrets_;
};

bool is_plain_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         std::string_view("_-./+$(){}@ ").contains(letter);
}

// Words that some YAML reader, old or new, takes for something that is no text.
bool is_reserved(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  for (const char* word : {"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
    if (text == word) return true;
  return false;
}

bool is_safe_plain(const std::string& text) {
  const auto starts_with_letter = [&] {
    const char first = text.front();
    return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  };
  return !text.empty() && starts_with_letter() && text.back() != ' ' && !is_reserved(text) &&
         std::ranges::all_of(text, is_plain_letter);
}

void write_text(YAML::Emitter& out, const std::string& text) {
  if (is_safe_plain(text))
    out << text;
  else if (text.find('\n') != std::string::npos && text.ends_with('\n') && text.front() != ' ')
    out << YAML::Literal << text;
  else
    out << YAML::DoubleQuoted << text;
}

// As people write it, and read back as a number with a fraction again.
std::string fraction(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  std::string text(digits.data(), end);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

void write_value(YAML::Emitter& out, const json::value& value) {
  if (value.is_object()) {
    if (value.get_object().empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& member : value.get_object()) {
      out << YAML::Key;
      write_text(out, std::string(member.key()));
      out << YAML::Value;
      write_value(out, member.value());
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    if (value.get_array().empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const json::value& element : value.get_array()) write_value(out, element);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    write_text(out, std::string(value.get_string()));
  } else if (value.is_null()) {
    out << YAML::Null;
  } else if (value.is_double()) {
    out << fraction(value.get_double());
  } else {
    out << json::serialize(value);
  }
}

}  // namespace

std::expected<YamlFile, std::string> read_yaml(const std::string& text, const std::filesystem::path& folder) {
  try {
    Reader reader(folder);
    YamlFile file;
    file.value = reader.read(YAML::Load(text));
    file.secrets = reader.take_secrets();
    return file;
  } catch (const YAML::Exception& error) {
    return std::unexpected("line " + std::to_string(error.mark.line + 1) + ": " + error.msg);
  } catch (const std::runtime_error& error) {
    return std::unexpected(error.what());
  }
}

std::string write_yaml(const json::value& value) {
  YAML::Emitter out;
  write_value(out, value);
  return std::string(out.c_str()) + "\n";
}

}  // namespace symbolon::app
