#include "app/reference_page.h"

#include <boost/json.hpp>
#include <vector>

#include "app/schema_table.h"
#include "base/text.h"
#include "pages/frame.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;
using pages::Html;
using pages::Markup;

std::string text_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

struct Operation {
  std::string method, path;
  const json::object* contract;

  std::string id() const { return text_of(*contract, "operationId"); }
};

class Writer {
 public:
  explicit Writer(const json::object& document) : document_(document) { collect(); }

  Html write() {
    introduction();
    contents();
    for (const auto& [tag, operations] : groups_) {
      html_ << Markup("<h2 id=\"tag-") << tag << Markup("\">") << tag << Markup("</h2>");
      for (const Operation& operation : operations) describe(operation);
    }
    schemas();
    return std::move(html_);
  }

 private:
  void collect() {
    for (const auto& path : document_.at("paths").get_object())
      for (const auto& method : path.value().get_object()) {
        const json::object& contract = method.value().get_object();
        std::string name(method.key());
        for (char& letter : name) letter = static_cast<char>(letter - 'a' + 'A');
        const auto* tags = contract.if_contains("tags");
        group_of(tags ? std::string(tags->at(0).get_string()) : "Other")
            .push_back({std::move(name), "/api/v2" + std::string(path.key()), &contract});
      }
  }

  std::vector<Operation>& group_of(const std::string& tag) {
    for (auto& group : groups_)
      if (group.first == tag) return group.second;
    return groups_.emplace_back(tag, std::vector<Operation>()).second;
  }

  void introduction() {
    const json::object& about = document_.at("info").get_object();
    html_ << Markup("<h1>") << text_of(about, "title") << Markup("</h1><p class=\"lead\">")
          << text_of(about, "description")
          << Markup("</p><p>Each call carries <code>Authorization: Bearer</code> and an access token whose audience is "
                    "this address with <code>/api/v2/</code>: make an application with <code>symbolon client create "
                    "--name NAME --management</code> and ask <code>/oauth/token</code> with client credentials. The same document "
                    "for programs: <a href=\"/api/v2/openapi.json\">openapi.json</a>.</p>");
  }

  void contents() {
    html_ << Markup("<nav aria-label=\"Contents\">");
    for (const auto& [tag, operations] : groups_) {
      html_ << Markup("<details><summary>") << tag << Markup("</summary><ul class=\"plain\">");
      for (const Operation& operation : operations)
        html_ << Markup("<li><a href=\"#") << operation.id() << Markup("\">") << text_of(*operation.contract, "summary")
              << Markup("</a> <code>") << operation.method << Markup(" ") << operation.path << Markup("</code></li>");
      html_ << Markup("</ul></details>");
    }
    html_ << Markup("<p><a href=\"#schemas\">Schemas</a></p></nav>");
  }

  void describe(const Operation& operation) {
    const json::object& contract = *operation.contract;
    html_ << Markup("<section id=\"") << operation.id() << Markup("\"><h3>") << text_of(contract, "summary")
          << Markup("</h3><p><code>") << operation.method << Markup(" ") << operation.path << Markup("</code></p>");
    if (const std::string text = text_of(contract, "description"); !text.empty())
      html_ << Markup("<p>") << text << Markup("</p>");
    scopes(contract);
    parameters(contract);
    body(contract);
    responses(contract);
    html_ << Markup("</section>");
  }

  void scopes(const json::object& contract) {
    const auto* security = contract.if_contains("security");
    if (!security) return;
    std::vector<std::string> alternatives;
    for (const json::value& one : security->get_array()) {
      std::vector<std::string> all;
      for (const json::value& scope : one.at("bearer").get_array()) all.emplace_back(scope.get_string());
      alternatives.push_back(join(all, " and "));
    }
    const std::string text = join(alternatives, ", or ");
    html_ << Markup("<p>Scope: <code>") << (text.empty() ? std::string("none") : text) << Markup("</code></p>");
  }

  const json::object& resolved(const json::value& given, std::string_view kind) const {
    const std::string reference = text_of(given.get_object(), "$ref");
    if (reference.empty()) return given.get_object();
    const std::string name = reference.substr(reference.rfind('/') + 1);
    return document_.at("components").at(kind).at(name).get_object();
  }

  void parameters(const json::object& contract) {
    const auto* list = contract.if_contains("parameters");
    if (!list || list->get_array().empty()) return;
    html_ << Markup("<table><thead><tr><th scope=\"col\">Parameter</th><th scope=\"col\">Type</th>"
                    "<th scope=\"col\">Meaning</th></tr></thead><tbody>");
    for (const json::value& given : list->get_array()) {
      const json::object& one = resolved(given, "parameters");
      const json::object& schema = one.at("schema").get_object();
      html_ << Markup("<tr><td><code>") << text_of(one, "name") << Markup("</code> <span class=\"note\">")
            << text_of(one, "in") << Markup("</span></td><td>") << type_of(schema) << Markup("</td><td>")
            << text_of(one, "description") << Markup(" <span class=\"note\">") << limits_of(schema)
            << Markup("</span></td></tr>");
    }
    html_ << Markup("</tbody></table>");
  }

  const json::object* json_schema(const json::object& holder) const {
    const auto* content = holder.if_contains("content");
    const auto* media = content ? content->get_object().if_contains("application/json") : nullptr;
    const auto* schema = media ? media->get_object().if_contains("schema") : nullptr;
    return schema ? schema->if_object() : nullptr;
  }

  void body(const json::object& contract) {
    const auto* request = contract.if_contains("requestBody");
    const json::object* schema = request ? json_schema(request->get_object()) : nullptr;
    if (!schema) return;
    html_ << Markup("<p>Body: ") << type_of(*schema) << Markup("</p>") << member_table(*schema);
  }

  void responses(const json::object& contract) {
    html_ << Markup("<table><thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Meaning</th>"
                    "<th scope=\"col\">Body</th></tr></thead><tbody>");
    Html details;
    for (const auto& entry : contract.at("responses").get_object()) {
      const json::object& response = resolved(entry.value(), "responses");
      const json::object* schema = json_schema(response);
      html_ << Markup("<tr><td>") << std::string_view(entry.key()) << Markup("</td><td>")
            << text_of(response, "description") << Markup("</td><td>");
      if (schema) html_ << type_of(*schema);
      html_ << Markup("</td></tr>");
      if (schema && entry.key().starts_with("2")) details << member_table(*schema);
    }
    html_ << Markup("</tbody></table>") << details;
  }

  void schemas() {
    html_ << Markup("<h2 id=\"schemas\">Schemas</h2>");
    for (const auto& entry : document_.at("components").at("schemas").get_object()) {
      const json::object& schema = entry.value().get_object();
      const std::string_view name = entry.key();
      html_ << Markup("<section id=\"schema-") << name << Markup("\"><h3>") << name << Markup("</h3><p>")
            << text_of(schema, "description") << Markup("</p><p>") << type_of(schema) << Markup(" <span class=\"note\">")
            << limits_of(schema) << Markup("</span></p>") << member_table(schema) << Markup("</section>");
    }
  }

  const json::object& document_;
  std::vector<std::pair<std::string, std::vector<Operation>>> groups_;
  Html html_;
};

}  // namespace

ReferencePage::ReferencePage(const management::Contract& contract) : body_(Writer(contract.tree()).write()) {}

Task<http::Response> ReferencePage::handle(http::Request request) {
  pages::Frame frame;
  frame.wide = true;
  frame.secure = request.site->secure;
  pages::Html body = body_;
  co_return pages::render_page(frame, 200, "Management API", std::move(body));
}

}  // namespace symbolon::app
