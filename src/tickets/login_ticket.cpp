#include "tickets/login_ticket.h"

#include "json/fields.h"

namespace symbolon::model {

// Short names: the sealed value travels in a cookie with every request while the login lasts.
template <class V>
void fields(V& v, AuthorizationRequest& r) {
  v("c", r.client);
  v("u", r.redirect_uri);
  v("us", r.redirect_uri_was_sent);
  v("t", r.response_type);
  v("m", r.response_mode);
  v("s", r.scope);
  v("a", r.audience);
  v("st", r.state);
  v("n", r.nonce);
  v("ch", r.code_challenge);
  v("cm", r.code_challenge_method);
  v("p", r.prompt);
  v("ma", r.max_age);
  v("h", r.login_hint);
  v("cn", r.connection);
  v("cs", r.connection_scope);
  v("l", r.ui_locales);
  v("ac", r.acr_values);
  v("d", r.display);
  v("hs", r.id_token_hint_subject);
  v("po", r.passed_on);
}

}  // namespace symbolon::model

namespace symbolon::tickets {
namespace {

constexpr std::string_view kPurpose = "login";

std::string associated(const TenantId& tenant, std::string_view base_url, std::string_view state) {
  std::string place = tenant.str();
  place += '|';
  place += base_url;
  place += '|';
  place += state;
  return place;
}

}  // namespace

std::string_view to_string(LoginPurpose purpose) {
  switch (purpose) {
    case LoginPurpose::login: return "l";
    case LoginPurpose::try_connection: return "t";
    case LoginPurpose::link_account: return "a";
  }
  return "";
}

bool from_text(std::string_view text, LoginPurpose& purpose) {
  for (const auto candidate : {LoginPurpose::login, LoginPurpose::try_connection, LoginPurpose::link_account}) {
    if (to_string(candidate) != text) continue;
    purpose = candidate;
    return true;
  }
  return false;
}

template <class V>
void fields(V& v, UpstreamSnapshot& s) {
  v("id", s.connection);
  v("n", s.connection_name);
  v("c", s.channel);
  v("i", s.issuer);
  v("t", s.token_endpoint);
  v("u", s.userinfo_endpoint);
  v("j", s.jwks_uri);
  v("cl", s.client_id);
}

template <class V>
void fields(V& v, LoginTicket& t) {
  v("s", t.state);
  v("p", t.purpose);
  v("t", t.tenant);
  v("b", t.base_url);
  v("c", t.created_at);
  v("e", t.expires_at);
  v("r", t.request);
  v("u", t.upstream);
  v("n", t.nonce);
  v("v", t.verifier);
  v("m", t.challenge_method);
  v("ps", t.prompt_sent);
  v("as", t.max_age_sent);
  v("pg", t.started_on_page);
  v("si", t.session);
  v("su", t.subject);
}

UpstreamSnapshot take_snapshot(const ConnectionId& id, std::string_view name, const model::UpstreamSettings& settings) {
  return {.connection = id,
          .connection_name = std::string(name),
          .channel = settings.channel,
          .issuer = settings.issuer,
          .token_endpoint = settings.token_endpoint,
          .userinfo_endpoint = settings.userinfo_endpoint,
          .jwks_uri = settings.jwks_uri,
          .client_id = settings.client_id};
}

std::string seal_login(const crypto::SecretBox& box, const LoginTicket& ticket) {
  return box.seal(kPurpose, associated(ticket.tenant, ticket.base_url, ticket.state), json::serialize_fields(ticket));
}

std::optional<LoginTicket> open_login(const crypto::SecretBox& box, std::string_view sealed, std::string_view state,
                                      const TenantId& tenant, std::string_view base_url, Instant now) {
  const auto text = box.open(kPurpose, associated(tenant, base_url, state), sealed);
  if (!text) return std::nullopt;
  auto ticket = json::parse_fields<LoginTicket>(*text);
  if (!ticket || ticket->state != state || now >= ticket->expires_at) return std::nullopt;
  return std::move(*ticket);
}

}  // namespace symbolon::tickets
