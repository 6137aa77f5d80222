#include "app/schema_table.h"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "base/text.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;
using pages::Html;
using pages::Markup;

constexpr std::string_view kSchemas = "#/components/schemas/";
constexpr std::size_t kMaxDepth = 6;

const json::object* find_object(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found ? found->if_object() : nullptr;
}

const json::array* find_array(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found ? found->if_array() : nullptr;
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (!found) return {};
  return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

std::string plain(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string type_words(const json::object& schema) {
  const auto* type = schema.if_contains("type");
  if (!type) return schema.contains("properties") ? "object" : "any";
  if (type->is_string()) return std::string(type->get_string());
  std::vector<std::string> words;
  for (const json::value& one : type->get_array()) words.push_back(plain(one));
  return join(words, " or ");
}

// "from … to …", "at least …" or "at most …"
void add_range(std::vector<std::string>& out, const json::object& schema, const char* least, const char* most,
               std::string_view unit) {
  const std::string low = text_of(schema, least), high = text_of(schema, most);
  const std::string suffix = unit.empty() ? "" : " " + std::string(unit);
  if (!low.empty() && !high.empty())
    out.push_back(low + " to " + high + suffix);
  else if (!low.empty())
    out.push_back("at least " + low + suffix);
  else if (!high.empty())
    out.push_back("at most " + high + suffix);
}

class MemberTable {
 public:
  Html write(const json::object& schema) {
    add_members(schema, "", 0);
    if (rows_.empty()) return rows_;
    Html table;
    table << Markup("<table><thead><tr><th scope=\"col\">Member</th><th scope=\"col\">Type</th>"
                    "<th scope=\"col\">Meaning</th></tr></thead><tbody>")
          << rows_ << Markup("</tbody></table>");
    return table;
  }

 private:
  void add_members(const json::object& schema, const std::string& prefix, std::size_t depth) {
    if (depth > kMaxDepth) return;
    if (const auto* members = find_object(schema, "properties"))
      for (const auto& member : *members) {
        const auto* one = member.value().if_object();
        if (!one) continue;
        const std::string name = prefix + std::string(member.key());
        add_row(name, *one, is_required(schema, member.key()));
        add_inner(*one, name, depth);
      }
    const auto* more = find_object(schema, "additionalProperties");
    if (more && !more->empty()) {
      add_row(prefix + "*", *more, false);
      add_inner(*more, prefix + "*", depth);
    }
  }

  void add_inner(const json::object& schema, const std::string& name, std::size_t depth) {
    add_members(schema, name + ".", depth + 1);
    if (const auto* items = find_object(schema, "items")) add_inner(*items, name + "[]", depth + 1);
  }

  static bool is_required(const json::object& schema, std::string_view name) {
    const auto* required = find_array(schema, "required");
    return required && std::ranges::any_of(*required, [&](const json::value& one) { return plain(one) == name; });
  }

  void add_row(const std::string& name, const json::object& schema, bool required) {
    rows_ << Markup("<tr><td><code>") << name << Markup("</code>");
    if (required) rows_ << Markup(" <span class=\"note\">required</span>");
    rows_ << Markup("</td><td>") << type_of(schema) << Markup("</td><td>") << text_of(schema, "description");
    if (const std::string limits = limits_of(schema); !limits.empty())
      rows_ << Markup(" <span class=\"note\">") << limits << Markup("</span>");
    rows_ << Markup("</td></tr>");
  }

  Html rows_;
};

}  // namespace

std::string referenced_name(const json::object& schema) {
  const std::string reference = text_of(schema, "$ref");
  return reference.starts_with(kSchemas) ? reference.substr(kSchemas.size()) : std::string();
}

Html type_of(const json::object& schema) {
  Html html;
  if (const std::string name = referenced_name(schema); !name.empty())
    return html << Markup("<a href=\"#schema-") << name << Markup("\">") << name << Markup("</a>");
  if (const auto* choices = find_array(schema, "anyOf")) {
    bool first = true;
    for (const json::value& choice : *choices) {
      if (!first) html << Markup(" or ");
      first = false;
      html << type_of(choice.get_object());
    }
    return html;
  }
  const std::string words = type_words(schema);
  html << words;
  const auto* items = find_object(schema, "items");
  if (items && words.starts_with("array")) html << Markup(" of ") << type_of(*items);
  return html;
}

std::string limits_of(const json::object& schema) {
  std::vector<std::string> out;
  if (const auto* values = find_array(schema, "enum")) {
    std::vector<std::string> names;
    for (const json::value& value : *values) names.push_back(plain(value));
    out.push_back("one of " + join(names, ", "));
  }
  if (const std::string fixed = text_of(schema, "const"); !fixed.empty()) out.push_back("always " + fixed);
  if (const std::string format = text_of(schema, "format"); !format.empty()) out.push_back("format " + format);
  if (const std::string pattern = text_of(schema, "pattern"); !pattern.empty()) out.push_back("matching " + pattern);
  add_range(out, schema, "minLength", "maxLength", "characters");
  add_range(out, schema, "minimum", "maximum", "");
  add_range(out, schema, "minItems", "maxItems", "entries");
  add_range(out, schema, "minProperties", "maxProperties", "members");
  if (const std::string usual = text_of(schema, "default"); !usual.empty()) out.push_back("default " + usual);
  return join(out, "; ");
}

Html member_table(const json::object& schema) { return MemberTable().write(schema); }

}  // namespace symbolon::app
