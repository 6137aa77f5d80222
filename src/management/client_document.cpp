#include "management/client_document.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.h"
#include "http/callback_url.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::string_view kClientCredentials = "client_credentials";
constexpr std::size_t kMaxMetadata = 10;  // management-api §3.4

// Members that only a new client can be given.
constexpr std::array<std::string_view, 2> kFixed{"third_party_security_mode", "resource_server_identifier"};

// Members whose parts are changed one by one; what a change does not name stays.
constexpr std::array<std::string_view, 2> kMerged{"jwt_configuration", "signed_request_object"};

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool lists(const json::object& object, std::string_view name, std::string_view word) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_array()) return false;
  return std::ranges::any_of(value->get_array(), [&](const json::value& one) { return one == json::value(word); });
}

bool has_no_secret(const json::object& document) {
  const std::string method = text(document, "token_endpoint_auth_method");
  const std::string type = text(document, "app_type");
  return method == "none" || (method.empty() && (type == "native" || type == "spa"));
}

// Without implicit, which older tools get by default: a token in a URL needs an administrator's decision (SEC-8).
json::array default_grants(const json::object& document) {
  json::array grants{"authorization_code", "refresh_token"};
  if (text(document, "token_endpoint_auth_method") != "none") grants.emplace_back(kClientCredentials);
  return grants;
}

json::object default_refresh(const json::object& document) {
  const bool is_public = has_no_secret(document);
  const bool third_party = document.contains("is_first_party") && document.at("is_first_party") == json::value(false);
  const bool browser = text(document, "app_type") == "spa" || (third_party && is_public);
  const bool with_method = text(document, "token_endpoint_auth_method").starts_with("client_secret");
  return {{"rotation_type", browser ? "rotating" : "non-rotating"},
          {"expiration_type", browser ? "expiring" : "non-expiring"},
          {"leeway", 0},
          {"token_lifetime", with_method && !browser ? 31557600 : 2592000},
          {"idle_token_lifetime", with_method && !browser ? 2592000 : 1296000},
          {"infinite_token_lifetime", !browser},
          {"infinite_idle_token_lifetime", !browser}};
}

// What was sent, completed. A default that the sent values contradict gives way.
json::object completed_refresh(const json::object& document) {
  json::object refresh = default_refresh(document);
  const auto* given = document.if_contains("refresh_token");
  if (!given || !given->is_object()) return refresh;
  for (const auto& [name, value] : given->get_object()) refresh[name] = value;
  const auto lifetime = refresh.at("token_lifetime").to_number<std::int64_t>();
  if (!given->get_object().contains("idle_token_lifetime") &&
      refresh.at("idle_token_lifetime").to_number<std::int64_t>() > lifetime)
    refresh["idle_token_lifetime"] = lifetime;
  if (!given->get_object().contains("token_lifetime") &&
      refresh.at("idle_token_lifetime").to_number<std::int64_t>() > lifetime)
    refresh["token_lifetime"] = json::value(refresh.at("idle_token_lifetime"));
  return refresh;
}

// A lifetime that is in force: stated, and not overruled by its switch.
std::optional<std::int64_t> bounded_seconds(const json::object& refresh, std::string_view name,
                                            std::string_view infinite) {
  const auto* seconds = refresh.if_contains(name);
  const auto* endless = refresh.if_contains(infinite);
  if (!seconds || (endless && *endless == json::value(true))) return std::nullopt;
  return seconds->to_number<std::int64_t>();
}

std::optional<Problem> check_refresh(const json::object& document) {
  const auto* given = document.if_contains("refresh_token");
  if (!given || !given->is_object()) return std::nullopt;
  const json::object& refresh = given->get_object();
  if (text(refresh, "rotation_type") == "rotating" && text(refresh, "expiration_type") == "non-expiring")
    return invalid_body("Payload validation error: 'rotating refresh tokens must be expiring' on property "
                        "refresh_token.expiration_type.");
  const auto lifetime = bounded_seconds(refresh, "token_lifetime", "infinite_token_lifetime");
  const auto idle = bounded_seconds(refresh, "idle_token_lifetime", "infinite_idle_token_lifetime");
  if (lifetime && idle && *idle > *lifetime)
    return invalid_body("Payload validation error: 'idle_token_lifetime is longer than token_lifetime' on property "
                        "refresh_token.idle_token_lifetime.");
  return std::nullopt;
}

std::optional<Problem> check_whole(const json::object& document) {
  if (text(document, "token_endpoint_auth_method") == "none" && lists(document, "grant_types", kClientCredentials))
    return invalid_body("Invalid grant types: client_credentials");
  if (document.contains("client_authentication_methods") && !text(document, "token_endpoint_auth_method").empty())
    return invalid_body("Payload validation error: 'token_endpoint_auth_method and client_authentication_methods "
                        "exclude each other' on property client_authentication_methods.");
  return check_refresh(document);
}

// Older tools write and read the back-channel addresses under another name (management-api §3.4): what was sent under
// it counts unless the present name was sent too, and it is shown as a copy. Terraform takes both away by the old name.
void mirror_logout_urls(json::object& document, const json::object& sent) {
  const auto* old = sent.contains("oidc_logout") ? nullptr : sent.if_contains("oidc_backchannel_logout");
  if (old && old->is_null()) document.erase("oidc_logout");
  if (old && old->is_object())
    if (const auto* urls = old->get_object().if_contains("backchannel_logout_urls")) {
      json::value& logout = document["oidc_logout"];
      if (!logout.is_object()) logout = json::object();
      logout.get_object()["backchannel_logout_urls"] = *urls;
    }
  document.erase("oidc_backchannel_logout");
  const auto* logout = document.if_contains("oidc_logout");
  if (!logout || !logout->is_object()) return;
  if (const auto* urls = logout->get_object().if_contains("backchannel_logout_urls"))
    document["oidc_backchannel_logout"] = json::object{{"backchannel_logout_urls", *urls}};
}

// Only lists that are sent are judged, so that a rule that became stricter does not stand in the way of other changes.
std::optional<Problem> check_callbacks(const json::object& document, const json::object& sent,
                                       bool http_callbacks_allowed) {
  const auto* first_party = document.if_contains("is_first_party");
  const http::CallbackRules rules{.first_party = !first_party || *first_party == json::value(true),
                                  .allow_http = http_callbacks_allowed};
  for (const std::string_view member : {"callbacks", "allowed_logout_urls"}) {
    if (!sent.contains(member) && !sent.contains("is_first_party")) continue;
    const auto* list = document.if_contains(member);
    if (!list || !list->is_array()) continue;
    for (const json::value& url : list->get_array())
      if (auto problem = http::find_callback_problem(std::string_view(url.get_string()), rules))
        return invalid_body("Payload validation error: '" + std::string(url.get_string()) + " " + *problem +
                            "' on property " + std::string(member) + ".");
  }
  return std::nullopt;
}

void set_default(json::object& document, std::string_view name, json::value value) {
  if (!document.contains(name)) document[name] = std::move(value);
}

// A member set to null by a caller is unset.
void drop_nulls(json::object& document) {
  for (auto member = document.begin(); member != document.end();)
    member = member->value().is_null() ? document.erase(member) : member + 1;
}

// Fails when the change leaves more keys than a client may have; one that has more already may lose some.
std::optional<Problem> merge_metadata(json::object& stored, const json::object& sent) {
  const auto* changes = sent.if_contains("client_metadata");
  if (!changes || !changes->is_object()) return std::nullopt;
  json::object merged;
  if (const auto* before = stored.if_contains("client_metadata"); before && before->is_object())
    merged = before->get_object();
  const std::size_t most = std::max(kMaxMetadata, merged.size());
  for (const auto& [name, value] : changes->get_object()) {
    if (value.is_null())
      merged.erase(name);
    else
      merged[name] = value;
  }
  if (merged.size() > most)
    return invalid_body("Payload validation error: 'Too many properties defined (" + std::to_string(merged.size()) +
                        "), maximum " + std::to_string(kMaxMetadata) + "' on property client_metadata.");
  stored["client_metadata"] = std::move(merged);
  return std::nullopt;
}

// Tools send back what they read; what was fixed at creation may be among it, unchanged.
std::optional<Problem> check_fixed_members(const json::object& stored, const json::object& sent) {
  std::string changed;
  for (const std::string_view name : kFixed) {
    const auto* wanted = sent.if_contains(name);
    const auto* present = stored.if_contains(name);
    if (wanted && (!present || *wanted != *present)) changed += (changed.empty() ? "" : ",") + std::string(name);
  }
  if (changed.empty()) return std::nullopt;
  return invalid_body("Payload validation error: 'Additional properties not allowed: " + changed + "'.");
}

constexpr std::array<std::string_view, 4> kSummary{"client_id", "app_type", "name", "description"};
constexpr std::array<std::string_view, 3> kKeys{"client_authentication_methods", "signing_keys", "encryption_key"};

}  // namespace

std::expected<json::object, Problem> new_client_document(const json::object& sent, const ClientId& id,
                                                         bool http_callbacks_allowed) {
  json::object document{{"client_id", id.str()}};
  for (const auto& [name, value] : sent)
    if (!value.is_null() && name != "client_secret") document[name] = value;
  set_default(document, "is_first_party", true);
  set_default(document, "is_token_endpoint_ip_header_trusted", false);
  set_default(document, "oidc_conformant", false);
  set_default(document, "sso_disabled", false);
  set_default(document, "cross_origin_authentication", false);
  set_default(document, "custom_login_page_on", true);
  set_default(document, "grant_types", default_grants(document));
  json::object jwt{{"secret_encoded", false}, {"lifetime_in_seconds", 36000}};
  if (const auto* given = document.if_contains("jwt_configuration"); given && given->is_object())
    for (const auto& [name, value] : given->get_object()) jwt[name] = value;
  document["jwt_configuration"] = std::move(jwt);
  document["refresh_token"] = completed_refresh(document);
  mirror_logout_urls(document, sent);
  if (auto problem = check_whole(document)) return std::unexpected(*problem);
  if (auto problem = check_callbacks(document, sent, http_callbacks_allowed)) return std::unexpected(*problem);
  return document;
}

std::expected<json::object, Problem> changed_client_document(json::object stored, const json::object& sent,
                                                             bool http_callbacks_allowed) {
  if (auto problem = check_fixed_members(stored, sent)) return std::unexpected(*problem);
  for (const auto& [name, value] : sent) {
    if (name == "client_secret" || name == "client_metadata") continue;
    const bool merges = std::ranges::find(kMerged, std::string_view(name)) != kMerged.end();
    if (merges && value.is_object() && stored.contains(name)) {
      for (const auto& [inner, setting] : value.get_object()) stored[name].as_object()[inner] = setting;
      continue;
    }
    stored[name] = value;
  }
  if (auto problem = merge_metadata(stored, sent)) return std::unexpected(*problem);
  drop_nulls(stored);
  mirror_logout_urls(stored, sent);
  if (auto problem = check_whole(stored)) return std::unexpected(*problem);
  if (auto problem = check_callbacks(stored, sent, http_callbacks_allowed)) return std::unexpected(*problem);
  return stored;
}

json::object visible_client(const model::Client& client, const std::string& secret, const Caller& caller,
                            bool just_made) {
  const bool all = just_made || caller.has_any({"read:clients", "read:client_keys"});
  const bool keys = just_made || caller.has_any({"read:client_keys", "read:client_credentials"});
  const json::value document = json::parse(client.doc);
  json::object shown;
  for (const auto& [name, value] : document.get_object()) {
    const bool is_summary = std::ranges::find(kSummary, std::string_view(name)) != kSummary.end();
    const bool is_key = std::ranges::find(kKeys, std::string_view(name)) != kKeys.end();
    if (is_summary || (is_key ? keys : all)) shown[name] = value;
  }
  if (all) {
    shown["tenant"] = client.tenant.str();
    shown["global"] = client.global;
  }
  if (!secret.empty() && (just_made || caller.has("read:client_keys"))) shown["client_secret"] = secret;
  return shown;
}

}  // namespace symbolon::management
