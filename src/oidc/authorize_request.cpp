#include "oidc/authorize_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "jose/pkce.h"
#include "oidc/authorization_response.h"
#include "oidc/claims_parameter.h"
#include "oidc/oauth_error.h"
#include "oidc/refresh_token_rules.h"
#include "oidc/signing_algorithm.h"

namespace symbolon::oidc {
namespace {

using model::AuthorizationRequest;
using model::OAuthCode;
using model::OAuthError;
using pages::RefusalText;

constexpr std::size_t kMaxQuery = 16 * 1024;
constexpr std::size_t kMaxBody = 64 * 1024;
constexpr std::size_t kMaxEchoed = 4096;  // state and nonce
constexpr std::size_t kMaxScopes = 100;
constexpr std::size_t kMaxLoginHint = 255;

using Refusal = std::optional<OAuthError>;
constexpr std::nullopt_t kFine = std::nullopt;

OAuthError invalid_request(std::string description) { return {OAuthCode::invalid_request, std::move(description), {}}; }

// Everything that one check may look at; `out` is what it fills.
struct Judged {
  const http::Form& form;
  const AuthorizeParameters& parameters;
  const AuthorizeContext& context;
  const TrustedRedirect& redirect;
  AuthorizationRequest& out;
};

bool bears_tokens(std::string_view response_type) {
  const auto members = split_words(response_type);
  return contains(members, "token") || contains(members, "id_token");
}

bool is_response_mode(std::string_view mode) {
  return mode == "query" || mode == "fragment" || mode == "form_post" || mode == "web_message";
}

Refusal nothing_twice(Judged& it) {
  if (!it.parameters.repeated) return kFine;
  return invalid_request("parameter given more than once: " + for_description(*it.parameters.repeated));
}

Refusal sizes(Judged& it) {
  if (it.form.get("state").size() > kMaxEchoed) return invalid_request("state is longer than 4096 bytes");
  if (it.form.get("nonce").size() > kMaxEchoed) return invalid_request("nonce is longer than 4096 bytes");
  if (count_code_points(it.form.get("login_hint")).value_or(0) > kMaxLoginHint)
    return invalid_request("login_hint is longer than 255 characters");
  return kFine;
}

// One of ours was replaced by what it stands for.
Refusal no_request_uri(Judged& it) {
  if (!it.form.has("request_uri") || it.parameters.pushed) return kFine;
  return OAuthError{OAuthCode::request_uri_not_supported, "the request_uri parameter is not supported", {}};
}

Refusal only_third_party_parameters(Judged& it) {
  static constexpr std::array<std::string_view, 5> kRefused{"claims", "connection_scope", "id_token_hint", "invitation",
                                                            "screen_hint"};
  if (it.context.client.first_party) return kFine;
  if (it.parameters.pushed) return invalid_request("third-party applications may not send request_uri");
  if (it.parameters.was_signed) return invalid_request("third-party applications may not send request");
  for (const std::string_view name : kRefused)
    if (it.form.has(name)) return invalid_request("third-party applications may not send " + std::string(name));
  return kFine;
}

Refusal response_type(Judged& it) {
  auto members = split_words(it.form.get("response_type"));
  if (members.empty()) return invalid_request("response_type is missing");
  std::ranges::sort(members);
  const bool known = std::ranges::all_of(
      members, [](const std::string& member) { return member == "code" || member == "token" || member == "id_token"; });
  if (!known || std::ranges::adjacent_find(members) != members.end())
    return OAuthError{OAuthCode::unsupported_response_type, "unknown response_type", {}};
  it.out.response_type = join(members, " ");

  const model::Client& client = it.context.client;
  if (it.out.wants_code() && !client.allows_grant("authorization_code"))
    return OAuthError{OAuthCode::unauthorized_client, "the client may not use the authorization_code grant", {}};
  if (bears_tokens(it.out.response_type) && !client.allows_grant("implicit"))
    return OAuthError{OAuthCode::unauthorized_client, "the client may not use the implicit grant", {}};
  return kFine;
}

Refusal response_mode(Judged& it) {
  const std::string mode = it.form.get("response_mode");
  if (!mode.empty() && !is_response_mode(mode)) return invalid_request("unknown response_mode");
  if (mode == "query" && bears_tokens(it.out.response_type))
    return invalid_request("response_mode=query is not allowed for this response_type");
  if (mode == "web_message" && !may_receive_messages(it.context.client, it.redirect))
    return invalid_request("the origin of redirect_uri may not receive web messages");
  return kFine;
}

// RFC 9700 §2.1.1. Native applications hold no secret that would replace it, whatever they were given (SEC-62).
Refusal pkce(Judged& it) {
  const model::Client& client = it.context.client;
  it.out.code_challenge = it.form.get("code_challenge");
  it.out.code_challenge_method = it.form.get("code_challenge_method");
  const bool required =
      it.out.wants_code() && (client.is_public() || !client.first_party || client.app_type == "native");
  if (!required && it.out.code_challenge.empty() && it.out.code_challenge_method.empty()) return kFine;
  // An absent method means plain, which shows the verifier to whoever sees the request (SEC-6).
  if (it.out.code_challenge.empty() || it.out.code_challenge_method != "S256")
    return invalid_request("code_challenge with S256 is required");
  if (!jose::is_code_challenge(it.out.code_challenge)) return invalid_request("code_challenge is malformed");
  return kFine;
}

Refusal nonce(Judged& it) {
  it.out.nonce = it.form.get("nonce");
  if (it.out.wants_id_token() && it.out.nonce.empty())
    return invalid_request("nonce is required when an ID token comes from the authorization endpoint");
  return kFine;
}

Refusal prompt(Judged& it) {
  for (std::string& word : split_words(it.form.get("prompt"))) {
    const bool known = word == "none" || word == "login" || word == "consent" || word == "select_account";
    if (known && !contains(it.out.prompt, word)) it.out.prompt.push_back(std::move(word));
  }
  if (it.out.has_prompt("none") && it.out.prompt.size() > 1)
    return invalid_request("prompt=none excludes every other prompt");
  return kFine;
}

Refusal max_age(Judged& it) {
  const auto text = it.form.find("max_age");
  if (!text) return kFine;
  std::uint64_t seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error == std::errc::invalid_argument || end != text->data() + text->size())
    return invalid_request("max_age is not a whole number of seconds");
  // Anything beyond a session's longest life asks for nothing; the bound keeps the arithmetic on times safe.
  constexpr std::uint64_t kYear = 366ull * 24 * 3600;
  it.out.max_age = std::chrono::seconds(error == std::errc() ? std::min(seconds, kYear) : kYear);
  return kFine;
}

Refusal audience(Judged& it) {
  if (auto named = named_audience(it.form.get("audience"), it.form.get("resource"), it.context.tenant); !named)
    return std::move(named.error());
  it.out.audience = it.context.audience;
  if (it.out.audience.empty()) return kFine;
  if (!it.context.api) return service_not_found(it.out.audience);
  const auto& algorithm = it.context.api->api.signing_algorithm;
  if (!find_signing_algorithm(algorithm)) return unsupported_algorithm("the API", algorithm);
  return kFine;
}

Refusal scope(Judged& it) {
  const auto wanted = split_words(it.form.get("scope"));
  if (wanted.size() > kMaxScopes) return invalid_request("scope has more than 100 values");
  if (contains(wanted, kOfflineAccess) && contains(wanted, kOnlineAccess))
    return invalid_request("offline_access and online_access exclude each other");
  auto granted = scopes_for_user(it.context.client, it.context.api ? &*it.context.api : nullptr, wanted,
                                 it.context.tenant.strict_scopes);
  if (!granted) return std::move(granted.error());
  it.out.scope = std::move(*granted);
  // TK-8: a refresh token comes for a code only, so nothing else says that it was granted.
  if (!it.out.wants_code())
    std::erase_if(it.out.scope, [](const std::string& one) { return one == kOfflineAccess || one == kOnlineAccess; });
  if (it.out.wants_id_token() && !it.out.has_scope("openid"))
    return invalid_request("an ID token needs the scope openid");
  if (it.out.has_scope("openid") && !find_signing_algorithm(it.context.client.id_token_algorithm))
    return unsupported_algorithm("the application", it.context.client.id_token_algorithm);
  return kFine;
}

Refusal no_organization(Judged& it) {
  return it.form.has("organization") ? Refusal(invalid_request("organizations are not enabled")) : kFine;
}

Refusal no_authorization_details(Judged& it) {
  return it.form.has("authorization_details") ? Refusal(invalid_request("authorization_details are not supported"))
                                              : kFine;
}

Refusal id_token_hint(Judged& it) {
  if (!it.form.has("id_token_hint")) return kFine;
  if (!it.context.hinted_subject) return invalid_request("id_token_hint is not an ID token that this client got here");
  it.out.subjects = {*it.context.hinted_subject};
  return kFine;
}

// The client's own switches, §1.7 step 7.
Refusal pushed_or_signed_where_required(Judged& it) {
  if (it.context.client.require_par && !it.parameters.pushed)
    return invalid_request("the client must push its authorization requests");
  if (it.context.client.require_signed_request && !it.parameters.was_signed)
    return invalid_request("the client must sign its authorization requests");
  return kFine;
}

// What the login needs and no rule judges.
Refusal the_rest(Judged& it) {
  // The parameters that a connection's upstream_params may name as alias (RP-26).
  static constexpr std::array<std::string_view, 12> kPassedOn{
      "acr_values", "audience", "client_id", "display",       "id_token_hint", "login_hint",
      "max_age",    "prompt",   "resource",  "response_mode", "response_type", "ui_locales"};
  it.out.login_hint = it.form.get("login_hint");
  it.out.connection = it.form.get("connection");
  if (it.out.connection.empty() && it.context.realm_is_connection) it.out.connection = it.form.get("realm");
  it.out.connection_scope = it.form.get("connection_scope");
  it.out.ui_locales = it.form.get("ui_locales");
  const bool asked_by_claims = !it.out.acr_values.empty();
  if (it.form.has("acr_values")) it.out.acr_values = it.form.get("acr_values");
  it.out.display = it.form.get("display");
  for (const std::string_view name : kPassedOn)
    if (auto value = it.form.find(name)) it.out.passed_on.emplace_back(name, std::move(*value));
  if (asked_by_claims && !it.form.has("acr_values")) it.out.passed_on.emplace_back("acr_values", it.out.acr_values);
  return kFine;
}

// Before the_rest, so that an acr asked for by claims reaches the provider as acr_values would (Core §5.5.1.1).
Refusal claims(Judged& it) {
  const auto text = it.form.find("claims");
  if (!text) return kFine;
  auto asked = parse_claims_parameter(*text);
  if (!asked) return invalid_request(for_description(asked.error()));
  if (!it.out.has_scope("openid")) return kFine;
  if (asked->subjects) {
    auto& subjects = *asked->subjects;
    std::erase_if(subjects, [&](const std::string& one) { return !it.out.may_be(UserId(one)); });
    if (subjects.empty()) return OAuthError{OAuthCode::login_required, "the request asks for two different users", {}};
    it.out.subjects = std::move(subjects);
  }
  it.out.claims = std::move(asked->claims);
  it.out.required_acr = std::move(asked->required_acr);
  it.out.acr_values = join(it.out.required_acr.empty() ? asked->wished_acr : it.out.required_acr, " ");
  return kFine;
}

constexpr Refusal (*kChecks[])(Judged&) = {
    nothing_twice,                    // OP-20b
    sizes,                            // OP-20c, AZ-10
    no_request_uri,                   // AZ-22
    only_third_party_parameters,      // §1.5, below the table
    response_type,                    // AZ-2
    response_mode,                    // AZ-7, RM-3
    pkce,                             // AZ-17
    nonce,                            // AZ-6
    prompt,                           // AZ-12
    max_age,                          // AZ-13
    audience,                         // AZ-16
    scope,                            // AZ-4
    no_organization,                  // AZ-20
    no_authorization_details,         // AZ-27
    id_token_hint,                    // AZ-19
    claims,                           // AZ-23
    pushed_or_signed_where_required,  // PAR-3, JAR-3
    the_rest,
};

PageRefusal bad_request(RefusalText why) { return {400, OAuthCode::invalid_request, why}; }

bool is_form(const http::Request& request) {
  const std::string_view type = request.headers.get("Content-Type");
  return equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

}  // namespace

std::expected<AuthorizeParameters, PageRefusal> parse_authorize_parameters(const http::Request& request) {
  const bool posted = request.method == http::Method::post;
  if (posted && !is_form(request)) return std::unexpected(bad_request(RefusalText::posted_no_form));
  const std::string& text = posted ? request.body : request.query;
  if (text.size() > (posted ? kMaxBody : kMaxQuery)) return std::unexpected(bad_request(RefusalText::too_long));
  // Repetition is judged later: once the redirect_uri is trusted, the client is told by redirect (E3).
  auto form = http::Form::parse_lenient(text);
  if (!form) return std::unexpected(bad_request(RefusalText::malformed));
  return AuthorizeParameters{std::move(*form), http::find_repeated(text), false, false};
}

std::expected<TrustedRedirect, PageRefusal> trust_redirect(const AuthorizeParameters& parameters,
                                                           const std::optional<model::Client>& client) {
  const auto& form = parameters.form;
  if (!form.has("client_id")) return std::unexpected(bad_request(RefusalText::client_missing));
  if (form.get_all("client_id").size() > 1) return std::unexpected(bad_request(RefusalText::client_repeated));
  if (!client || client->global) return std::unexpected(bad_request(RefusalText::client_unknown));
  if (form.get_all("redirect_uri").size() > 1)
    return std::unexpected(bad_request(RefusalText::redirect_repeated));

  auto redirect = check_redirect_uri(*client, form.find("redirect_uri").value_or(sole_callback(*client).value_or("")));
  if (redirect) return std::move(*redirect);
  // AZ-3: one that was not sent, where the client has several, is a mistake of the request and no foreign address.
  const bool missing = redirect.error() == RedirectError::missing;
  PageRefusal mismatch(403, missing ? OAuthCode::invalid_request : OAuthCode::unauthorized_client,
                       describe(redirect.error()), form.get("redirect_uri"));
  mismatch.callback_mismatch = true;
  return std::unexpected(std::move(mismatch));
}

AuthorizationRequest return_address(const AuthorizeParameters& parameters, const model::Client& client,
                                    const TrustedRedirect& redirect) {
  const auto& form = parameters.form;
  AuthorizationRequest request;
  request.client = client.id;
  request.redirect_uri = redirect.uri();
  request.redirect_uri_was_sent = form.has("redirect_uri");
  if (form.get_all("state").size() == 1 && form.get("state").size() <= kMaxEchoed) request.state = form.get("state");

  const std::string mode = form.get("response_mode");
  const bool tokens = bears_tokens(form.get("response_type"));
  const bool usable = is_response_mode(mode) && !(tokens && mode == "query");
  request.response_mode = usable ? mode : tokens ? "fragment" : "query";
  return request;
}

std::optional<OAuthError> check_authorize_request(const AuthorizeParameters& parameters,
                                                  const AuthorizeContext& context, const TrustedRedirect& redirect,
                                                  AuthorizationRequest& request) {
  Judged judged{parameters.form, parameters, context, redirect, request};
  for (const auto check : kChecks)
    if (auto refusal = check(judged)) return refusal;
  return std::nullopt;
}

}  // namespace symbolon::oidc
