#include "tickets/login_ticket.h"

#include <stdexcept>

#include "tickets/request_fields.h"

namespace symbolon::tickets {

// Of this file only; not in an unnamed namespace, where json/fields.h would not find them.
static std::string_view to_string(LoginPurpose purpose) {
  switch (purpose) {
    case LoginPurpose::login:
      return "login";
    case LoginPurpose::try_connection:
      return "try";
    case LoginPurpose::link_account:
      return "link";
  }
  throw std::logic_error("LoginPurpose outside its enumerators");
}

static bool from_text(std::string_view text, LoginPurpose& purpose) {
  for (const auto candidate : {LoginPurpose::login, LoginPurpose::try_connection, LoginPurpose::link_account}) {
    if (to_string(candidate) != text) continue;
    purpose = candidate;
    return true;
  }
  return false;
}

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

// The one place that names the members of the sealed value, in as few letters as tell them apart. Tenant, base URL and
// state are not among them: they are what it is bound to.
template <class V>
void fields(V& v, LoginTicket& t) {
  unless_usual(v, "for", t.purpose);
  v("at", t.created_at);
  v("exp", t.expires_at);
  unless_usual(v, "n", t.nonce);
  unless_usual(v, "ver", t.verifier);
  unless_usual(v, "vm", t.challenge_method);
  unless_usual(v, "ps", t.prompt_sent);
  unless_usual(v, "pa", t.prompt_added);
  unless_usual(v, "pd", t.prompt_dropped);
  unless_usual(v, "ms", t.max_age_sent);
  unless_usual(v, "pi", t.page);
  unless_usual(v, "sid", t.session);
  unless_usual(v, "sub", t.subject);

  UpstreamSnapshot& u = t.upstream;
  unless_usual(v, "c", u.connection);
  unless_usual(v, "cn", u.connection_name);
  unless_usual(v, "ch", u.channel, model::Channel::back_channel);
  unless_usual(v, "iss", u.issuer);
  unless_usual(v, "tok", u.token_endpoint);
  unless_usual(v, "ui", u.userinfo_endpoint);
  unless_usual(v, "jwk", u.jwks_uri);
  unless_usual(v, "uc", u.client_id);
  unless_usual(v, "cb", u.callback_path);

  request_fields(v, t.request);
}

UpstreamSnapshot take_snapshot(const ConnectionId& id, std::string_view name, const model::UpstreamSettings& settings) {
  return {.connection = id,
          .connection_name = std::string(name),
          .channel = settings.channel,
          .issuer = settings.issuer,
          .token_endpoint = settings.token_endpoint,
          .userinfo_endpoint = settings.userinfo_endpoint,
          .jwks_uri = settings.jwks_uri,
          .client_id = settings.client_id,
          .callback_path = settings.callback_path};
}

std::string seal_login(const crypto::SecretBox& box, const LoginTicket& ticket) {
  return box.seal(kPurpose, associated(ticket.tenant, ticket.base_url, ticket.state), json::serialize_fields(ticket));
}

std::optional<LoginTicket> open_login(const crypto::SecretBox& box, std::string_view sealed, std::string_view state,
                                      const TenantId& tenant, std::string_view base_url, Instant now) {
  const auto text = box.open(kPurpose, associated(tenant, base_url, state), sealed);
  if (!text) return std::nullopt;
  auto ticket = json::parse_fields<LoginTicket>(*text);
  if (!ticket || now >= ticket->expires_at) return std::nullopt;
  ticket->state = state;
  ticket->tenant = tenant;
  ticket->base_url = base_url;
  return std::move(*ticket);
}

}  // namespace symbolon::tickets
