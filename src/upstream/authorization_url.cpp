#include "upstream/authorization_url.h"

#include <algorithm>

#include "base/text.h"
#include "http/url.h"
#include "jose/pkce.h"
#include "upstream/error_mapping.h"
#include "upstream/pkce_choice.h"
#include "upstream/wire_options.h"

namespace symbolon::upstream {
namespace {

using model::Channel;
using model::Strategy;
using model::UpstreamParameter;

constexpr std::size_t kSecretBytes = 32;  // nonce and verifier: 43 characters each
constexpr std::size_t kMaxUrl = 8 * 1024;
constexpr std::string_view kDefaultScope = "openid profile email";

class Parameters {
 public:
  void set(std::string_view name, std::string value) {
    if (std::string* present = find(name)) {
      *present = std::move(value);
    } else {
      list_.emplace_back(name, std::move(value));
    }
  }
  void remove(std::string_view name) {
    std::erase_if(list_, [&](const auto& entry) { return entry.first == name; });
  }
  bool has(std::string_view name) { return find(name) != nullptr; }
  std::string get(std::string_view name) { return has(name) ? *find(name) : std::string(); }
  const std::vector<std::pair<std::string, std::string>>& list() const { return list_; }

 private:
  std::string* find(std::string_view name) {
    const auto at = std::ranges::find(list_, name, &std::pair<std::string, std::string>::first);
    return at == list_.end() ? nullptr : &at->second;
  }

  std::vector<std::pair<std::string, std::string>> list_;
};

std::vector<std::string> openid_first(std::vector<std::string> scopes) {
  const auto at = std::ranges::find(scopes, "openid");
  if (at != scopes.end()) std::rotate(scopes.begin(), at, at + 1);
  return scopes;
}

// What the downstream request holds under the name of an alias (RP-26).
std::string downstream_value(const model::AuthorizationRequest& request, std::string_view alias) {
  const auto passed = std::ranges::find(request.passed_on, alias, &std::pair<std::string, std::string>::first);
  if (passed != request.passed_on.end()) return passed->second;
  if (alias == "client_id") return request.client.str();
  if (alias == "response_type") return request.response_type;
  if (alias == "response_mode") return request.response_mode;
  if (alias == "audience") return request.audience;
  if (alias == "login_hint") return request.login_hint;
  if (alias == "ui_locales") return request.ui_locales;
  if (alias == "acr_values") return request.acr_values;
  if (alias == "display") return request.display;
  if (alias == "prompt") return join(request.prompt, " ");
  if (alias == "max_age" && request.max_age) return std::to_string(request.max_age->count());
  return {};
}

void apply(const UpstreamParameter& rule, const model::AuthorizationRequest& request, Parameters& parameters) {
  if (rule.suppress) return parameters.remove(rule.name);
  const std::string value = rule.value ? *rule.value : downstream_value(request, *rule.alias);
  // An application's response_mode may name one that no provider can answer a server with.
  if (rule.name == "response_mode" && value != "query" && value != "form_post") return;
  if (!value.empty()) parameters.set(rule.name, value);
}

void add_protocol(const model::UpstreamSettings& settings, Departure& departure, Random& random,
                  Parameters& parameters) {
  const bool front = settings.channel == Channel::front_channel;
  const bool oidc = settings.strategy != Strategy::oauth2;
  if (oidc && (front || settings.send_nonce != false)) {
    departure.nonce = random_token(random, kSecretBytes);
    parameters.set("nonce", departure.nonce);
  }
  departure.challenge_method = choose_challenge_method(settings);
  if (departure.challenge_method.empty()) return;
  departure.verifier = random_token(random, kSecretBytes);
  parameters.set("code_challenge",
                 departure.challenge_method == "S256" ? jose::code_challenge(departure.verifier) : departure.verifier);
  parameters.set("code_challenge_method", departure.challenge_method);
}

void add_wishes(const model::UpstreamSettings& settings, const model::AuthorizationRequest& request,
                Parameters& parameters) {
  if (!request.login_hint.empty()) parameters.set("login_hint", request.login_hint);
  if (settings.strategy == Strategy::oauth2) return;
  if (request.has_prompt("login")) parameters.set("prompt", "login");
  if (request.max_age) parameters.set("max_age", std::to_string(request.max_age->count()));
}

// ZITADEL's default (zitadel-idps §6.2). Whoever is named already need not be chosen, nor may a silent request ask.
bool ask_for_account(const model::UpstreamSettings& settings, const model::AuthorizationRequest& request,
                     Parameters& parameters) {
  const bool unwanted = std::ranges::any_of(
      settings.parameters, [](const UpstreamParameter& rule) { return rule.suppress && rule.name == "prompt"; });
  if (!settings.select_account || unwanted || request.has_prompt("none")) return false;
  if (parameters.has("prompt") || parameters.has("login_hint")) return false;
  parameters.set("prompt", "select_account");
  return true;
}

UpstreamError too_long(std::size_t bytes) {
  UpstreamError error;
  error.step = "configuration";
  error.rule = "RP-33";
  error.check = "the authorization URL has at most 8 KiB";
  error.received = std::to_string(bytes) + " bytes";
  error.hint = "Shorten the parameters that the application or upstream_params add.";
  error.downstream = {model::OAuthCode::server_error, "the request to the provider is too long",
                      error.rule + ": " + error.received};
  return error;
}

}  // namespace

// Oauth2 connections send what was configured, with additions joined as their provider expects.
std::string requested_scope(const model::UpstreamSettings& settings, const model::AuthorizationRequest& request) {
  const auto added = split_requested_scopes(request.connection_scope);
  if (settings.connection_scope_with_commas) {
    std::string scope = settings.scope;
    for (const std::string& one : added) scope += (scope.empty() ? "" : ",") + one;
    return scope;
  }
  const bool oidc = settings.strategy != Strategy::oauth2;
  auto scopes = split_words(settings.scope.empty() && oidc ? kDefaultScope : std::string_view(settings.scope));
  for (const auto& more : {split_words(settings.userinfo_scope), added})
    for (const std::string& one : more)
      if (!contains(scopes, one)) scopes.push_back(one);
  return join(openid_first(std::move(scopes)), " ");
}

std::expected<Departure, UpstreamError> depart(const model::Connection& connection, const http::Site& site,
                                               const model::AuthorizationRequest& request, const std::string& state,
                                               bool without_prompt, Random& random) {
  const model::UpstreamSettings& settings = connection.upstream;
  if (!settings.missing.empty()) return std::unexpected(missing_endpoints(connection));

  Departure departure;
  Parameters parameters;
  const bool front = settings.channel == Channel::front_channel;
  parameters.set("client_id", settings.client_id);
  parameters.set("redirect_uri", site.url(model::callback_path(settings.callback_path, connection.name)));
  parameters.set("response_type", front ? "id_token" : "code");
  if (front) parameters.set("response_mode", "form_post");
  if (std::string scope = requested_scope(settings, request); !scope.empty()) parameters.set("scope", std::move(scope));
  parameters.set("state", state);
  add_protocol(settings, departure, random, parameters);
  add_wishes(settings, request, parameters);
  for (const UpstreamParameter& rule : settings.parameters) apply(rule, request, parameters);
  const bool added = ask_for_account(settings, request, parameters);
  if (without_prompt) parameters.remove("prompt");

  departure.prompt_sent = parameters.has("prompt");
  // An application that wants a page of the provider, as oauth2 connections cannot be told, gets it or an error.
  departure.prompt_added =
      added && !without_prompt && !request.has_prompt("login") && !request.has_prompt("select_account");
  departure.max_age_sent = request.max_age && parameters.get("max_age") == std::to_string(request.max_age->count());
  departure.url = http::with_query(settings.authorization_endpoint, parameters.list());
  if (departure.url.size() > kMaxUrl) return std::unexpected(too_long(departure.url.size()));
  return departure;
}

}  // namespace symbolon::upstream
