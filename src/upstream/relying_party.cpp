#include "upstream/relying_party.h"

#include <algorithm>

#include "base/text.h"
#include "upstream/error_mapping.h"
#include "upstream/hints.h"
#include "upstream/id_token.h"
#include "upstream/issuer.h"
#include "upstream/key_use.h"
#include "upstream/oauth2_user.h"
#include "upstream/pkce_choice.h"
#include "upstream/userinfo.h"

namespace symbolon::upstream {
namespace {

using model::Channel;
using model::Strategy;

UpstreamError response_error(std::string rule, std::string check, std::string expected, std::string received,
                             std::string hint, model::OAuthError downstream) {
  UpstreamError error;
  error.step = "authorization_response";
  error.rule = std::move(rule);
  error.check = std::move(check);
  error.expected = std::move(expected);
  error.received = std::move(received);
  error.hint = std::move(hint);
  error.downstream = std::move(downstream);
  return error;
}

// RP-50, RFC 9207 §2.4: before anything else of the response counts, and before a code goes anywhere.
std::optional<UpstreamError> find_mix_up(const model::Connection& connection, const http::Form& response) {
  const model::UpstreamSettings& settings = connection.upstream;
  const bool twice = response.get_all("iss").size() > 1;
  const auto issuer = response.find("iss");
  const bool right = issuer && !settings.issuer.empty() && could_be_issuer(settings.issuer, *issuer);
  // RFC 9207 §4: an ID token in the response names its issuer itself (V4), so providers leave the parameter out.
  const bool named_by_token = settings.channel == Channel::front_channel && response.has("id_token");
  const bool required = settings.iss_parameter_required && !named_by_token;
  const bool unknown_here = settings.issuer.empty() && !required;
  if (!twice && (right || unknown_here || (!issuer && !required))) return std::nullopt;
  return response_error(
      "RP-50", "iss in the response is the connection's issuer", settings.issuer,
      twice ? "iss twice" : issuer.value_or("nothing"),
      issuer ? hints::issuer(settings.issuer, *issuer)
             : "The provider announces that it sends iss, but did not: the response may come from another one.",
      {model::OAuthCode::access_denied, "The response did not come from " + plain_label(connection), {}});
}

UpstreamError wrong_artefact(const model::Connection& connection, const http::Form& response, bool posted) {
  const bool front = connection.upstream.channel == Channel::front_channel;
  std::vector<std::string> names;
  for (const auto& field : response.all()) names.push_back(printable(field.first, 40));
  return response_error(
      "E9", front ? "the response holds an ID token, in a POST" : "the response holds a code",
      front ? "id_token by form_post" : "code",
      (posted ? "a POST with " : "a GET with ") + (names.empty() ? "nothing" : join(names, ", ")),
      front ? hints::no_id_token_from_browser() : "Let the provider use response_type=code for this application.",
      unexpected_response());
}

// What the connection's options ask for and the server does better, or cannot do better (RP-23, design §8).
void warn_of_weak_options(const model::UpstreamSettings& settings, const Expectation& expectation,
                          Conversation& conversation) {
  if (settings.channel == Channel::front_channel) return;
  const bool disabled = settings.pkce == model::PkceMode::disabled;
  if (disabled && expectation.challenge_method == "S256")
    conversation.warn("PKCE is disabled in the connection, but was used, since the provider offers S256");
  if (disabled && expectation.challenge_method.empty()) conversation.warn("PKCE is disabled in the connection");
  if (settings.pkce == model::PkceMode::s256 && !advertises_s256(settings) &&
      contains(settings.challenge_methods_advertised, "plain"))
    conversation.warn("PKCE with S256 was used, although the provider lists only plain");
}

void take_over(IdToken token, ProvenIdentity& identity, Conversation& conversation) {
  identity.issuer = std::move(token.issuer);
  identity.subject = std::move(token.subject);
  identity.claims = std::move(token.claims);
  identity.id_token_header = std::move(token.header);
  identity.acr = std::move(token.acr);
  identity.amr = std::move(token.amr);
  identity.upstream_sid = std::move(token.sid);
  identity.auth_time = token.auth_time;
  identity.session_expiry = token.session_expiry;
  for (std::string& warning : token.warnings) conversation.warn(std::move(warning));
}

// RP-63: without an access token nobody can be asked for what comes from userinfo.
std::optional<UpstreamError> find_missing_access_token(const model::UpstreamSettings& settings,
                                                       const ProvenIdentity& identity, Conversation& conversation) {
  if (!identity.access_token.empty() || !is_userinfo_due(settings, "any")) return std::nullopt;
  if (!is_userinfo_needed(settings)) {
    conversation.warn("the provider gave no access token, so context.userinfo is empty");
    return std::nullopt;
  }
  UpstreamError error;
  error.step = "token_request";
  error.rule = "RP-63";
  error.check = "the token endpoint gave an access token for the userinfo endpoint";
  error.expected = "access_token";
  error.received = "no bearer access_token";
  error.hint = "Let the provider issue bearer access tokens, or map the attributes from the ID token.";
  error.downstream = misconfigured();
  return error;
}

KeyTrouble trouble_of(const std::expected<IdToken, IdTokenFailure>& result) {
  if (result) return KeyTrouble::none;
  if (result.error().check == IdTokenCheck::unknown_key) return KeyTrouble::unknown_kid;
  return result.error().check == IdTokenCheck::signature ? KeyTrouble::bad_signature : KeyTrouble::none;
}

}  // namespace

/// One browser's return. Copies share the connection and the conversation.
struct RelyingParty::Arrival {
  std::shared_ptr<const model::Connection> connection;
  std::shared_ptr<Conversation> conversation;
  http::Site site;
  http::Form response;
  bool posted = false;
  Expectation expectation;

  const model::UpstreamSettings& settings() const { return connection->upstream; }
};

http::EgressPolicy egress_for(const http::EgressPolicy& server, const model::UpstreamSettings& settings) {
  http::EgressPolicy egress = server;
  egress.allowed_networks.insert(egress.allowed_networks.end(), settings.allowed_networks.begin(),
                                 settings.allowed_networks.end());
  if (!settings.ca_pem.empty()) egress.ca_pem += (egress.ca_pem.empty() ? "" : "\n") + settings.ca_pem;
  if (!settings.proxy.empty()) {
    egress.proxy = settings.proxy;
    egress.proxy_is_operators = false;
  }
  return egress;
}

RelyingParty::RelyingParty(http::Client& client, JwksCache& keys, AssertionKeys& assertion_keys,
                           const crypto::SecretBox& box, Workers& workers, const Clock& clock, Random& random,
                           http::EgressPolicy egress)
    : client_(client),
      keys_(keys),
      exchange_(ClientProver(assertion_keys, box, workers, clock, random)),
      clock_(clock),
      egress_(std::move(egress)) {}

Task<RelyingParty::Proof> RelyingParty::prove(std::shared_ptr<const model::Connection> connection, http::Site site,
                                              http::Form response, bool posted, Expectation expectation) {
  auto conversation = std::make_shared<Conversation>(client_, clock_, egress_for(egress_, connection->upstream));
  for (const char* name : {"code", "id_token", "access_token"}) conversation->hide(response.get(name));
  conversation->hide(expectation.verifier);
  conversation->hide(expectation.nonce);
  auto proof = co_await run(Arrival{std::move(connection), conversation, std::move(site), std::move(response), posted,
                                    std::move(expectation)});
  if (!proof) co_return std::unexpected(conversation->conclude(std::move(proof.error())));
  proof->warnings = conversation->warnings();
  proof->exchanges = conversation->exchanges();
  proof->needed_new_keys = conversation->has_new_keys();
  co_return proof;
}

Task<RelyingParty::Proof> RelyingParty::run(Arrival arrival) {
  const model::Connection& connection = *arrival.connection;
  if (!arrival.settings().missing.empty()) co_return std::unexpected(missing_endpoints(connection));
  if (auto mix_up = find_mix_up(connection, arrival.response)) co_return std::unexpected(std::move(*mix_up));
  if (arrival.response.has("error")) co_return std::unexpected(authorization_error(connection, arrival.response));

  const bool front = arrival.settings().channel == Channel::front_channel;
  if (front ? !arrival.posted || !arrival.response.has("id_token") : !arrival.response.has("code"))
    co_return std::unexpected(wrong_artefact(connection, arrival.response, arrival.posted));
  warn_of_weak_options(arrival.settings(), arrival.expectation, *arrival.conversation);
  if (arrival.settings().strategy == Strategy::oauth2) co_return co_await oauth2(std::move(arrival));
  if (front) co_return co_await front_channel(std::move(arrival));
  co_return co_await back_channel(std::move(arrival));
}

Task<std::expected<IdToken, UpstreamError>> RelyingParty::verify(Arrival arrival, std::string compact,
                                                                 std::string access_token) {
  const IdTokenContext context{.nonce = arrival.expectation.nonce,
                               .challenge_method = arrival.expectation.challenge_method,
                               .started_at = arrival.expectation.started_at,
                               .max_age = arrival.expectation.max_age,
                               .access_token = std::move(access_token)};
  const Instant now = clock_.now();
  std::expected<IdToken, IdTokenFailure> result = std::unexpected(IdTokenFailure{});
  const bool posted = arrival.settings().channel == Channel::front_channel;
  const auto attempt = [&](const jose::KeySet& keys) {
    result = verify_id_token(compact, keys, arrival.settings(), context, now);
    return trouble_of(result);
  };
  auto done = co_await with_keys(keys_, arrival.connection, arrival.conversation, attempt,
                                 posted ? BroughtBy::stranger : BroughtBy::provider);
  if (!done) co_return std::unexpected(std::move(done.error()));
  if (!result) co_return std::unexpected(explain(*arrival.connection, result.error()));
  co_return std::move(*result);
}

Task<RelyingParty::Proof> RelyingParty::front_channel(Arrival arrival) {
  ProvenIdentity identity;
  identity.id_token = arrival.response.get("id_token");
  auto token = co_await verify(arrival, identity.id_token, {});
  if (!token) co_return std::unexpected(std::move(token.error()));
  identity.replay_key = token->issuer + "\n" + token->replay_id;
  identity.replay_expires_at = token->expires_at + kLeeway;
  take_over(std::move(*token), identity, *arrival.conversation);
  co_return identity;
}

Task<std::expected<TokenAnswer, UpstreamError>> RelyingParty::redeem(Arrival arrival) {
  const std::string path = model::callback_path(arrival.settings().callback_path, arrival.connection->name);
  CodeRedemption redemption{.code = arrival.response.get("code"),
                            .redirect_uri = arrival.site.url(path),
                            .verifier = arrival.expectation.verifier};
  co_return co_await exchange_.redeem(arrival.connection, arrival.conversation, std::move(redemption));
}

Task<RelyingParty::Proof> RelyingParty::back_channel(Arrival arrival) {
  auto tokens = co_await redeem(arrival);
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  auto token = co_await verify(arrival, tokens->id_token, tokens->access_token);
  if (!token) co_return std::unexpected(std::move(token.error()));

  ProvenIdentity identity;
  identity.id_token = std::move(tokens->id_token);
  identity.access_token = std::move(tokens->access_token);
  identity.scope_granted = std::move(tokens->scope);
  take_over(std::move(*token), identity, *arrival.conversation);
  if (!is_userinfo_due(arrival.settings(), identity.access_token)) {
    if (auto error = find_missing_access_token(arrival.settings(), identity, *arrival.conversation))
      co_return std::unexpected(std::move(*error));
    co_return identity;
  }

  auto userinfo = co_await fetch_userinfo(keys_, arrival.connection, arrival.conversation, identity.access_token,
                                          identity.issuer, identity.subject);
  if (!userinfo) co_return std::unexpected(std::move(userinfo.error()));
  identity.userinfo = std::move(*userinfo);
  co_return identity;
}

Task<RelyingParty::Proof> RelyingParty::oauth2(Arrival arrival) {
  auto tokens = co_await redeem(arrival);
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  auto user = co_await fetch_oauth2_user(arrival.connection, arrival.conversation, tokens->access_token);
  if (!user) co_return std::unexpected(std::move(user.error()));

  ProvenIdentity identity;
  identity.issuer = arrival.settings().issuer;
  identity.subject = std::move(user->subject);
  identity.claims = std::move(user->claims);
  identity.access_token = std::move(tokens->access_token);
  identity.scope_granted = std::move(tokens->scope);
  co_return identity;
}

}  // namespace symbolon::upstream
