#include "login/consent.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "http/url.h"
#include "login/organisation.h"
#include "store/consent_store.h"
#include "store/resource_server_store.h"
#include "store/tenant_store.h"

namespace symbolon::login {
namespace {

bool all_allowed(const std::vector<std::string>& asked, const std::vector<std::string>& allowed) {
  return std::ranges::all_of(asked, [&](const std::string& scope) { return contains(allowed, scope); });
}

std::string description_of(const boost::json::object& doc, const std::string& scope) {
  const auto* scopes = doc.if_contains("scopes");
  if (!scopes || !scopes->is_array()) return scope;
  for (const auto& entry : scopes->get_array()) {
    const auto* one = entry.if_object();
    const auto* value = one ? one->if_contains("value") : nullptr;
    const auto* text = one ? one->if_contains("description") : nullptr;
    if (value && value->is_string() && std::string_view(value->get_string()) == scope && text && text->is_string() &&
        !text->get_string().empty())
      return std::string(text->get_string());
  }
  return scope;
}

void add_api(ConsentQuestion& question, const model::ResourceServer& api, const model::AuthorizationRequest& request) {
  question.audience = api.identifier;
  question.api_name = api.name.empty() ? api.identifier : api.name;
  for (const std::string& scope : request.scope)
    if (contains(api.scopes, scope)) question.api_scopes.push_back(scope);
}

void describe(ConsentQuestion& question, const model::ResourceServer& api, db::Transaction& tx,
              const TenantId& tenant) {
  const auto settings = store::TenantStore(tx).find(tenant);
  if (!settings) return;
  const auto flag = settings->flags.find("use_scope_descriptions_for_consent");
  question.describe = flag != settings->flags.end() && flag->second;
  if (!question.describe) return;
  boost::system::error_code broken;
  const auto doc = boost::json::parse(api.doc, broken);
  for (const std::string& scope : question.api_scopes)
    question.api_descriptions.push_back(!broken && doc.is_object() ? description_of(doc.get_object(), scope) : scope);
}

}  // namespace

bool is_verifiable_callback(const std::string& redirect_uri) {
  const auto url = http::parse_url(redirect_uri);
  return url && (url->is_https() || url->is_http()) && !url->is_loopback();
}

ConsentQuestion find_consent_question(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                      const model::AuthorizationRequest& request, const UserId& user) {
  ConsentQuestion question;
  std::optional<model::ResourceServer> api;
  if (!request.audience.empty()) api = store::ResourceServerStore(tx, tenant).find_by_identifier(request.audience);
  if (client.first_party && (!api || api->skip_consent_for_first_party)) return question;

  if (api) add_api(question, *api, request);
  if (!client.first_party)
    for (const std::string& scope : request.scope)
      if (!contains(question.api_scopes, scope) && !names_organisation(scope)) question.scopes.push_back(scope);

  store::ConsentStore consents(tx, tenant);
  const bool nothing_to_remember = question.scopes.empty() && question.api_scopes.empty();
  const bool unproven_listener =
      !is_verifiable_callback(request.redirect_uri) && !client.skip_non_verifiable_callback_confirmation;
  question.is_open =
      request.has_prompt("consent") || (!client.first_party && (nothing_to_remember || unproven_listener)) ||
      !all_allowed(question.scopes, consents.scopes(user, client.id, "")) ||
      (api && !all_allowed(question.api_scopes, consents.scopes(user, client.id, question.audience)));
  if (question.is_open && api) describe(question, *api, tx, tenant);
  return question;
}

void remember_consent(db::Transaction& tx, const TenantId& tenant, const ClientId& client, const UserId& user,
                      const ConsentQuestion& question, Instant now) {
  store::ConsentStore consents(tx, tenant);
  consents.add(user, client, "", question.scopes, now);
  if (!question.audience.empty()) consents.add(user, client, question.audience, question.api_scopes, now);
}

}  // namespace symbolon::login
