#include "oidc/provider.h"

#include "base/encoding.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/resource_server_store.h"
#include "store/session_store.h"
#include "store/signing_key_store.h"
#include "store/tenant_store.h"
#include "store/user_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

constexpr const char* kWeb = R"({"client_id":"web","name":"Web","app_type":"regular_web",
  "callbacks":["https://app.example.com/cb"],"token_endpoint_auth_method":"client_secret_post",
  "grant_types":["authorization_code","implicit","refresh_token","client_credentials"]})";
constexpr const char* kBasic = R"({"client_id":"basic","name":"Basic","app_type":"regular_web",
  "callbacks":["https://basic.example.com/cb"],"token_endpoint_auth_method":"client_secret_basic",
  "grant_types":["authorization_code","client_credentials"]})";
constexpr const char* kSpa = R"({"client_id":"spa","name":"Spa","app_type":"spa",
  "callbacks":["https://spa.example.com/"],"web_origins":["https://spa.example.com"],
  "grant_types":["authorization_code","client_credentials"]})";

crypto::Keyring master_keys() { return crypto::Keyring({{"00000001", Secret(std::string(32, 'k'))}}); }

// RSA keys take their time, so all tests share one pair.
const std::vector<model::SigningKey>& shared_keys() {
  static const std::vector<model::SigningKey> keys = [] {
    crypto::SystemRandom random;
    const crypto::SecretBox box(master_keys(), random);
    std::vector<model::SigningKey> made;
    for (const KeyFamily family : {KeyFamily::rsa, KeyFamily::p256})
      for (const model::KeyState state : {model::KeyState::current, model::KeyState::next})
        made.push_back(generate_signing_key(kTenant, family, state, kStart, box, random));
    return made;
  }();
  return keys;
}

model::Connection acme() {
  model::Connection connection;
  connection.tenant = kTenant;
  connection.id = ConnectionId("con_acme");
  connection.name = "acme";
  connection.doc = connection.options = "{}";
  connection.version = 1;
  return connection;
}

model::User ada() {
  model::User user;
  user.tenant = kTenant;
  user.id = UserId("oidc|acme|ada");
  user.profile = R"({"name":"Ada","nickname":"ada"})";
  user.email = "ada@acme.example";
  user.email_verified = true;
  user.identities = {{ConnectionId("con_acme"), "acme", "oidc", "ada", "", kStart}};
  user.created_at = user.updated_at = kStart - 24h;
  user.version = 1;
  return user;
}

model::Session session() {
  model::Session session;
  session.tenant = kTenant;
  session.id = SessionId("sid-1");
  session.user = UserId("oidc|acme|ada");
  session.connection = ConnectionId("con_acme");
  session.base_url = "https://id.example.com";
  session.cookie = tickets::hash_session_cookie("the-cookie");
  session.created_at = session.updated_at = session.authenticated_at = session.last_interacted_at = kStart - 1min;
  session.idle_expires_at = kStart + 72h;
  session.expires_at = kStart + 168h;
  return session;
}

bj::object merged(const std::string& document, const bj::object& changes) {
  bj::object merged = bj::parse(document).as_object();
  for (const auto& [name, value] : changes) merged[name] = value;
  return merged;
}

}  // namespace

Provider::Provider(const std::string& database)
    : site(std::make_shared<http::Site>(http::Site{kTenant, "https://id.example.com", "id.example.com", true})),
      box(master_keys(), random),
      db(db::open_database(database)),
      keys(*db, workers, box, clock, random),
      issuer(keys, workers, random),
      responder(*db, issuer, random, recent_failures),
      clients(*db, workers, clock),
      code_grant(*db, issuer, clock, random),
      refresh_grant(*db, issuer, clock, random),
      client_credentials_grant(*db, issuer, clock),
      token_endpoint(*db, clock, clients, code_grant, refresh_grant, client_credentials_grant),
      verifier(keys, clock),
      userinfo_endpoint(*db, verifier, clock) {
  add_tenant("default");
  write([](db::Transaction& tx) {
    for (const model::SigningKey& key : shared_keys()) store::SigningKeyStore(tx, kTenant).insert(key);
    store::ConnectionStore(tx, kTenant).insert(acme());
    store::UserStore(tx, kTenant).insert(ada());
    store::SessionStore(tx, kTenant).insert(session());
  });
  for (const char* document : {kWeb, kBasic, kSpa}) add_client(document);
  add_api(R"({"id":"rs_1","identifier":"https://api.example.com/","name":"API",
              "scopes":[{"value":"read:x"},{"value":"write:x"}]})");
}

void Provider::add_tenant(const std::string& id) {
  model::Tenant tenant = store::tenant_from_document(TenantId(id), "{}");
  tenant.version = 1;
  write([&](db::Transaction& tx) { store::TenantStore(tx).insert(tenant); });
}

model::Client Provider::client(const std::string& id) {
  return read([&](db::Transaction& tx) { return store::ClientStore(tx, kTenant).find(ClientId(id)).value(); });
}

void Provider::add_client(const std::string& document, const std::string& secret) {
  model::Client client = store::client_from_document(kTenant, document);
  client.version = 1;
  if (!secret.empty()) client.secret_hash = tickets::hash_client_secret(secret);
  write([&](db::Transaction& tx) {
    store::ClientStore(tx, kTenant).insert(client);
    store::ConnectionStore(tx, kTenant).enable(ConnectionId("con_acme"), client.id);
  });
}

void Provider::add_api(const std::string& document) {
  model::ResourceServer api = store::resource_server_from_document(kTenant, document);
  write([&](db::Transaction& tx) { store::ResourceServerStore(tx, kTenant).insert(api); });
}

void Provider::add_client_grant(const std::string& client, const std::string& audience,
                                const std::vector<std::string>& scope, const std::string& subject_type) {
  const bj::object document{{"id", "cgr_" + client + audience + subject_type},
                            {"client_id", client},
                            {"audience", audience},
                            {"scope", bj::value_from(scope)},
                            {"subject_type", subject_type}};
  model::ClientGrant grant = store::client_grant_from_document(kTenant, bj::serialize(document));
  write([&](db::Transaction& tx) { store::ClientGrantStore(tx, kTenant).insert(grant); });
}

void Provider::patch_client(const std::string& id, const bj::object& changes) {
  write([&](db::Transaction& tx) {
    store::ClientStore store(tx, kTenant);
    const auto old = store.find(ClientId(id)).value();
    auto changed = store::client_from_document(kTenant, bj::serialize(merged(old.doc, changes)));
    changed.secret_hash = old.secret_hash;
    store.update(changed, old.version);
  });
}

void Provider::patch_tenant(const bj::object& changes) {
  write([&](db::Transaction& tx) {
    store::TenantStore store(tx);
    auto tenant = store.find(kTenant).value();
    tenant.doc = bj::serialize(merged(tenant.doc, changes));
    store.update(tenant, tenant.version);
  });
}

void Provider::change_user(void (*change)(model::User&)) {
  write([&](db::Transaction& tx) {
    store::UserStore store(tx, kTenant);
    auto user = store.find(UserId("oidc|acme|ada")).value();
    change(user);
    store.update(user);
  });
}

model::AuthorizationRequest Provider::authorization(const std::string& client) {
  model::AuthorizationRequest request;
  request.client = ClientId(client);
  request.redirect_uri = client == "spa" ? "https://spa.example.com/" : "https://app.example.com/cb";
  request.response_type = "code";
  request.response_mode = "query";
  request.scope = {"openid", "profile", "email"};
  request.state = "the state";
  request.nonce = "n-1";
  request.code_challenge = kChallenge;
  request.code_challenge_method = "S256";
  return request;
}

login::SignedIn Provider::signed_in() {
  return read([](db::Transaction& tx) {
    return login::SignedIn{store::UserStore(tx, kTenant).find(UserId("oidc|acme|ada")).value(),
                           store::SessionStore(tx, kTenant).find(SessionId("sid-1")).value(),
                           {}};
  });
}

login::IssuedAuthorization Provider::issue(const model::AuthorizationRequest& request) {
  const auto asker = client(request.client.str());
  return write([&, who = signed_in()](db::Transaction& tx) {
    return responder.issue(tx, *site, asker, request, who, clock.now());
  });
}

http::Response Provider::respond(const model::AuthorizationRequest& request, bool after_post) {
  return run_task(responder.respond(this->request(http::Method::get, "/authorize"), client(request.client.str()), request, issue(request), after_post));
}

std::string Provider::code(const model::AuthorizationRequest& request) { return issue(request).code; }

Fields Provider::redemption(const std::string& code) {
  return {{"grant_type", "authorization_code"}, {"code", code},       {"redirect_uri", "https://app.example.com/cb"},
          {"code_verifier", kVerifier},         {"client_id", "web"}, {"client_secret", kSecret}};
}

http::Request Provider::request(http::Method method, std::string path) const {
  http::Request request;
  request.method = method;
  request.path = std::move(path);
  request.site = site;
  request.client_address = "192.0.2.7";
  request.id = "req-1";
  return request;
}

http::Response Provider::post_token(const Fields& body, const Fields& headers) {
  http::Request request = this->request(http::Method::post, "/oauth/token");
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  for (const auto& [name, value] : headers) request.headers.set(name, value);
  request.body = http::encode_form(body);
  return run_task(token_endpoint.handle(std::move(request)));
}

http::Response Provider::get_userinfo(const std::string& token, const Fields& headers) {
  http::Request request = this->request(http::Method::get, "/userinfo");
  if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
  for (const auto& [name, value] : headers) request.headers.set(name, value);
  return run_task(userinfo_endpoint.handle(std::move(request)));
}

std::int64_t Provider::count(const std::string& table, const std::string& where) {
  return read([&](db::Transaction& tx) {
    return tx.query_one("SELECT count(*) FROM " + table + " WHERE " + where)->integer(0);
  });
}

bj::object json_of(const http::Response& response) { return bj::parse(response.body).as_object(); }

std::string text_at(const bj::object& object, std::string_view name) {
  return bj::value_to<std::string>(object.at(name));
}

std::string error_of(const http::Response& response) {
  const auto body = json_of(response);
  return body.contains("error") ? text_at(body, "error") : "";
}

namespace {

bj::object part_of(std::string_view token, int index) {
  for (; index > 0; --index) token.remove_prefix(token.find('.') + 1);
  return bj::parse(base64url_decode(token.substr(0, token.find('.'))).value()).as_object();
}

}  // namespace

bj::object header_of(std::string_view token) { return part_of(token, 0); }
bj::object claims_of(std::string_view token) { return part_of(token, 1); }

http::Form location_of(const http::Response& response) {
  const std::string_view location = response.headers.get("Location");
  const auto at = location.find_first_of("?#");
  return http::Form::parse(at == std::string_view::npos ? "" : location.substr(at + 1)).value();
}

std::string basic(const std::string& id, const std::string& secret) {
  return "Basic " + base64_encode(id + ":" + secret);
}

}  // namespace symbolon::oidc
