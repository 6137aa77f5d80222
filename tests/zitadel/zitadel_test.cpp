#include "zitadel/zitadel_test.h"

#include "base/encoding.h"
#include "base/text.h"
#include "crypto/key.h"
#include "oidc/client_authentication.h"
#include "oidc/signing_keys.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"
#include "zitadel/surface.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

Task<http::Response> for_applications(http::Request) {
  co_return http::json_response(418, R"({"error":"the endpoint of applications"})");
}

Reply to_reply(const http::Response& response) {
  return {response.status, response.headers, response.body,
          response.body.empty() ? json::value() : json::parse(response.body)};
}

}  // namespace

std::string Reply::at(std::string_view pointer) const {
  boost::system::error_code error;
  const auto* found = body.find_pointer(pointer, error);
  if (!found) return {};
  return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

bool Reply::has(std::string_view pointer) const {
  boost::system::error_code error;
  return body.find_pointer(pointer, error) != nullptr;
}

std::string seed_body() {
  return "{\n \"name\": \"My Provider\",\n \"clientId\": \"client-id\",\n \"clientSecret\": \"client-secret\",\n "
         "\"authorizationEndpoint\": \"https://accounts.google.com/o/oauth2/v2/auth\",\n \"tokenEndpoint\": "
         "\"https://oauth2.googleapis.com/token\",\n \"userEndpoint\": "
         "\"https://openidconnect.googleapis.com/v1/userinfo\",\n \"scopes\": [\n \"openid\",\n \"profile\",\n "
         "\"email\"\n ],\n \"idAttribute\": \"user_id\",\n \"providerOptions\": {\n \"isLinkingAllowed\": true,\n "
         "\"isCreationAllowed\": true,\n \"isAutoCreation\": true,\n \"isAutoUpdate\": true,\n \"autoLinking\": "
         "\"AUTO_LINKING_OPTION_UNSPECIFIED\"\n },\n \"usePkce\": true\n}";
}

struct ZitadelTest::Parts {
  explicit Parts(ZitadelTest& test)
      : signing_keys(*test.database_, test.workers_, test.box_, test.clock_, test.random_),
        tokens(signing_keys, test.clock_),
        discoverer(test.provider_),
        services{*test.database_, test.box_, test.clock_, test.random_, test.workers_, discoverer, {}, false},
        clients(*test.database_, test.workers_, test.clock_),
        surface(services, tokens, clients, {for_applications, for_applications, for_applications, for_applications}),
        router(surface.routes()) {}

  oidc::SigningKeys signing_keys;
  oidc::AccessTokenVerifier tokens;
  upstream::Discoverer discoverer;
  management::Services services;
  oidc::ClientAuthentication clients;
  Surface surface;
  http::Router router;
};

ZitadelTest::ZitadelTest()
    : database_(db::open_database("sqlite::memory:")),
      box_(crypto::Keyring::generate(random_), random_),
      site_(std::make_shared<http::Site>(http::Site{kTenant, kBase, "id.example", true})) {
  write([&](db::Transaction& tx) {
    model::Tenant tenant = store::tenant_from_document(kTenant, "{}");
    tenant.version = 1;
    tenant.created_at = clock_.now();
    store::TenantStore(tx).insert(tenant);
  });
  parts_ = std::make_unique<Parts>(*this);
  owner_ = make_user("owner", {"IAM_OWNER"}).token;
}

ZitadelTest::~ZitadelTest() = default;

management::Services& ZitadelTest::services() { return parts_->services; }

std::vector<http::Route> ZitadelTest::routes() { return parts_->router.routes(); }

Reply ZitadelTest::send(const std::string& method, const std::string& path, const std::string& body,
                        const Fields& headers) {
  http::Request request;
  request.method = http::parse_method(method);
  request.path = path;
  request.body = body;
  request.site = site_;
  request.client_address = "203.0.113.7";
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  auto found = parts_->router.find(request.method, path);
  auto* match = std::get_if<http::Router::Match>(&found);
  if (!match) return {.status = 404, .headers = {}, .text = "no route", .body = {}};
  request.parameters = match->parameters;
  return to_reply(run_task(match->route->handler(std::move(request))));
}

http::Request ZitadelTest::form_request(const Fields& form, const Fields& headers) const {
  http::Request request;
  request.method = http::Method::post;
  request.body = http::encode_form(form);
  request.site = site_;
  request.client_address = "203.0.113.7";
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

Reply ZitadelTest::token(const Fields& form) {
  return to_reply(run_task(parts_->surface.token().handle(form_request(form, {}))));
}

Reply ZitadelTest::introspect(const Fields& form, const Fields& headers) {
  return to_reply(run_task(parts_->surface.tokens().introspect(form_request(form, headers))));
}

Reply ZitadelTest::revoke(const Fields& form, const Fields& headers) {
  return to_reply(run_task(parts_->surface.tokens().revoke(form_request(form, headers))));
}

Reply ZitadelTest::userinfo(const std::string& token) {
  http::Request request;
  request.path = "/oidc/v1/userinfo";
  request.site = site_;
  request.headers.set("Authorization", "Bearer " + token);
  return to_reply(run_task(parts_->surface.userinfo().handle(std::move(request))));
}

std::string ZitadelTest::sign_assertion(const std::string& pem, const std::string& kid, const json::object& claims) {
  std::string body;
  for (const std::string& line : split_words(pem, "\n"))
    if (!line.starts_with("-----")) body += line;
  const auto key = crypto::PrivateKey::from_pkcs8_der(base64_decode(body).value());
  const std::string header = json::serialize(json::object{{"alg", "RS256"}, {"kid", kid}});
  const std::string input = base64url_encode(header) + "." + base64url_encode(json::serialize(claims));
  return input + "." + base64url_encode(key->sign(crypto::SignatureAlgorithm::RS256, input));
}

NewServiceUser ZitadelTest::make_user(const std::string& name, std::vector<std::string> roles, bool with_key,
                                      bool with_secret) {
  ServiceUserOrder order;
  order.name = name;
  order.roles = std::move(roles);
  order.with_token = true;
  order.with_secret = with_secret;
  std::optional<MadeKey> key;
  if (with_key) key = make_service_key();
  auto made = write(
      [&](db::Transaction& tx) { return make_service_user(tx, kTenant, order, key, random_, clock_.now()); });
  if (!made) throw std::runtime_error(made.error());
  return *made;
}

std::string ZitadelTest::make_provider(const json::object& changes) {
  json::value body = json::parse(seed_body());
  for (const auto& [name, value] : changes) body.get_object()[name] = value;
  const Reply reply = post("/admin/v1/idps/oauth", json::serialize(body));
  if (reply.status != 200) throw std::runtime_error(reply.text);
  return reply.at("/id");
}

std::string ZitadelTest::make_organisation(const std::string& name) {
  return post("/management/v1/orgs", json::serialize(json::object{{"name", name}})).at("/id");
}

model::Connection ZitadelTest::stored(const std::string& id) {
  return read(
      [&](db::Transaction& tx) { return store::ConnectionStore(tx, kTenant).find_by_zitadel_id(id).value(); });
}

}  // namespace symbolon::zitadel
