#include "races/scene.h"

#include "store/connection_store.h"
#include "store/tenant_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

}  // namespace

Scene::Scene() : Provider("sqlite:" + (folder / "races.db").string()) {
  outbound.on("https://idp.example/keys", 200, key_set_of({&provider_key}));
  change_connection([](model::Connection& connection) {
    model::UpstreamSettings& upstream = connection.upstream;
    upstream.issuer = "https://idp.example";
    upstream.authorization_endpoint = "https://idp.example/auth";
    upstream.token_endpoint = "https://idp.example/token";
    upstream.jwks_uri = "https://idp.example/keys";
    upstream.client_id = "upstream";
    upstream.id_token_algorithms = {"ES256"};
  });
}

model::Tenant Scene::tenant() {
  return read([](db::Transaction& tx) { return store::TenantStore(tx).find(kTenant).value(); });
}

model::Connection Scene::connection() {
  return read(
      [](db::Transaction& tx) { return store::ConnectionStore(tx, kTenant).find(ConnectionId("con_acme")).value(); });
}

void Scene::change_connection(const std::function<void(model::Connection&)>& change) {
  write([&](db::Transaction& tx) {
    store::ConnectionStore connections(tx, kTenant);
    auto connection = connections.find(ConnectionId("con_acme")).value();
    change(connection);
    connections.update(connection, connection.version);
  });
}

tickets::LoginTicket Scene::login_ticket(const std::string& state) {
  const model::Connection provider = connection();
  tickets::LoginTicket ticket;
  ticket.state = state;
  ticket.tenant = kTenant;
  ticket.base_url = site->base_url;
  ticket.created_at = clock.now();
  ticket.expires_at = clock.now() + 1h;
  ticket.request = authorization();
  ticket.upstream = tickets::take_snapshot(provider.id, provider.name, provider.upstream);
  ticket.nonce = "n-2";
  return ticket;
}

upstream::ProvenIdentity Scene::proved(const std::string& subject) {
  upstream::ProvenIdentity identity;
  identity.issuer = "https://idp.example";
  identity.subject = subject;
  identity.claims = bj::serialize(bj::object{{"iss", identity.issuer},
                                             {"sub", subject},
                                             {"email", subject + "@acme.example"},
                                             {"email_verified", true}});
  identity.userinfo = "{}";
  return identity;
}

http::Request Scene::arrival() { return request(http::Method::get, "/login/callback"); }

std::string Scene::logout_token() {
  TokenBuilder token(provider_key);
  const std::int64_t now = to_epoch_seconds(clock.now());
  token.claims = {{"iss", "https://idp.example"},
                  {"aud", "upstream"},
                  {"iat", now},
                  {"exp", now + 120},
                  {"jti", "their-jti"},
                  {"sub", "ada"},
                  {"events", {{"http://schemas.openid.net/event/backchannel-logout", bj::object()}}}};
  return token.compact();
}

}  // namespace symbolon::oidc
