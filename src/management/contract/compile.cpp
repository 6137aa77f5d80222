// Build tool: merges the YAML fragments of the contract into one OpenAPI document, written as a C++ source for the
// server and as docs/openapi.yaml for readers.
//   compile_contract OUT.cpp OUT.yaml FRAGMENT.yaml…
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace {

void append_text(std::string& out, const std::string& text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out.push_back('"');
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out.push_back('\\');
      out.push_back(letter);
    } else if (letter == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    } else {
      out.push_back(letter);
    }
  }
  out.push_back('"');
}

bool is_number(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.-") != std::string::npos) return false;
  std::size_t used = 0;
  try {
    (void)std::stod(text, &used);
  } catch (const std::exception&) {
    return false;
  }
  return used == text.size();
}

bool looks_typed(const std::string& text) {
  return text == "true" || text == "false" || text == "null" || is_number(text);
}

// YAML's plain scalars carry a type by their form; quoted ones are always text.
void append_scalar(std::string& out, const YAML::Node& node) {
  const std::string text = node.Scalar();
  const bool plain = node.Tag() != "!";
  if (plain && looks_typed(text))
    out += text;
  else
    append_text(out, text);
}

void append(std::string& out, const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined: out += "null"; return;
    case YAML::NodeType::Scalar: append_scalar(out, node); return;
    case YAML::NodeType::Sequence: {
      out.push_back('[');
      bool first = true;
      for (const auto& item : node) {
        if (!first) out.push_back(',');
        first = false;
        append(out, item);
      }
      out.push_back(']');
      return;
    }
    case YAML::NodeType::Map: {
      out.push_back('{');
      bool first = true;
      for (const auto& item : node) {
        if (!first) out.push_back(',');
        first = false;
        append_text(out, item.first.Scalar());
        out.push_back(':');
        append(out, item.second);
      }
      out.push_back('}');
      return;
    }
  }
}

// Plain where every YAML reader takes the text for text, quoted otherwise.
void append_yaml_scalar(std::string& out, const std::string& text, bool is_text) {
  const bool needs_quotes = is_text && (looks_typed(text) || text.empty() || text == "~" || text == "yes" ||
                                        text == "no" || text.find_first_of(":#{}[],&*!|>'\"%@`\n") != std::string::npos ||
                                        text.front() == ' ' || text.back() == ' ' || text.front() == '-');
  if (needs_quotes)
    append_text(out, text);
  else
    out += text;
}

void append_yaml(std::string& out, const YAML::Node& node, std::size_t depth) {
  const std::string indent(depth * 2, ' ');
  if (node.IsMap() && node.size() > 0) {
    for (const auto& item : node) {
      out += "\n" + indent;
      append_yaml_scalar(out, item.first.Scalar(), true);
      out += ":";
      append_yaml(out, item.second, depth + 1);
    }
  } else if (node.IsSequence() && node.size() > 0) {
    for (const auto& item : node) {
      out += "\n" + indent + "-";
      append_yaml(out, item, depth + 1);
    }
  } else if (node.IsScalar()) {
    out += " ";
    append_yaml_scalar(out, node.Scalar(), node.Tag() == "!" || !looks_typed(node.Scalar()));
  } else {
    out += node.IsMap() ? " {}" : node.IsSequence() ? " []" : " null";
  }
}

// Puts the members of `<<: *anchor` in place, which yaml-cpp leaves to its user; own members win.
YAML::Node flatten(const YAML::Node& node) {
  if (node.IsSequence()) {
    YAML::Node made(YAML::NodeType::Sequence);
    for (const auto& item : node) made.push_back(flatten(item));
    return made;
  }
  if (!node.IsMap()) return node;
  YAML::Node made(YAML::NodeType::Map);
  for (const auto& item : node)
    if (item.first.Scalar() == "<<")
      for (const auto& inherited : item.second) made[inherited.first.Scalar()] = flatten(inherited.second);
  for (const auto& item : node)
    if (item.first.Scalar() != "<<") made[item.first.Scalar()] = flatten(item.second);
  return made;
}

// A comma in an unquoted text of a flow map starts another member: `{ description: one, two }`.
void check_values(const YAML::Node& node, const std::string& where) {
  if (node.IsNull()) throw std::runtime_error("no value, is a text with a comma unquoted? " + where);
  if (node.IsMap())
    for (const auto& item : node) check_values(item.second, where + "/" + item.first.Scalar());
  if (node.IsSequence())
    for (const auto& item : node) check_values(item, where);
}

// Maps are joined member by member; the same leaf in two fragments is a mistake.
void merge(YAML::Node into, const YAML::Node& from, const std::string& where) {
  for (const auto& item : from) {
    const std::string name = item.first.Scalar();
    check_values(item.second, where + "/" + name);
    YAML::Node own = into[name];
    if (!own) {
      into[name] = YAML::Clone(item.second);
    } else if (own.IsMap() && item.second.IsMap()) {
      merge(own, item.second, where + "/" + name);
    } else {
      throw std::runtime_error("defined twice: " + where + "/" + name);
    }
  }
}

void write(const char* path, const std::string& text) {
  std::ifstream old(path);
  std::stringstream before;
  before << old.rdbuf();
  if (old && before.str() == text) return;
  std::ofstream(path) << text;
}

}  // namespace

int main(int count, char** arguments) try {
  YAML::Node document(YAML::NodeType::Map);
  for (int i = 3; i < count; ++i) merge(document, flatten(YAML::LoadFile(arguments[i])), "");
  std::string json;
  append(json, document);

  // Compilers limit the length of one string literal, not of adjacent ones.
  std::string source = "#include <string_view>\nnamespace symbolon::management {\nextern const std::string_view "
                       "kContractText;\nconst std::string_view kContractText =\n";
  for (std::size_t at = 0; at < json.size(); at += 8000)
    source += "R\"~~~(" + json.substr(at, 8000) + ")~~~\"\n";
  source += ";\n}  // namespace symbolon::management\n";
  write(arguments[1], source);

  std::string yaml = "# Made from src/management/contract/*.yaml by the build; change those.";
  append_yaml(yaml, document, 0);
  write(arguments[2], yaml + "\n");
  return 0;
} catch (const std::exception& error) {
  std::cerr << "compile_contract: " << error.what() << "\n";
  return 1;
}
