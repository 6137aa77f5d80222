#include "management/management_test.h"

#include "base/text.h"
#include "management/audit.h"
#include "management/new_client.h"
#include "management/scopes.h"
#include "management/system_resource_server.h"
#include "store/log_store.h"
#include "store/tenant_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

crypto::Keyring master_keys() { return crypto::Keyring({{"00000001", Secret(std::string(32, 'k'))}}); }

// Reads what Token::text() writes; a token of another tenant is none here.
class FakeVerifier final : public TokenVerifier {
 public:
  Task<std::expected<Caller, Problem>> verify(http::Site site, std::string bearer) override {
    const auto parts = split_words(bearer, ";");
    if (parts.size() < 3 || parts[0] != site.tenant.str()) co_return std::unexpected(Problem{401, {}, "Invalid token"});
    co_return Caller{.client = ClientId(parts[1]),
                     .subject = parts[2],
                     .scopes = parts.size() > 3 ? split_words(parts[3], ",") : std::vector<std::string>()};
  }
};

const json::object& resolved_response(const json::object& document, const json::object& response) {
  const auto* reference = response.if_contains("$ref");
  if (!reference) return response;
  const std::string name(std::string_view(reference->get_string()).substr(sizeof("#/components/responses/") - 1));
  return document.at("components").at("responses").at(name).get_object();
}

}  // namespace

Shown Reply::at(std::string_view pointer) const {
  boost::system::error_code error;
  const auto* found = body.find_pointer(pointer, error);
  return found ? Shown(*found) : Shown();
}

bool Reply::has(std::string_view pointer) const {
  boost::system::error_code error;
  return body.find_pointer(pointer, error) != nullptr;
}

std::string Reply::message() const {
  const json::value found = at("/message");
  return found.is_string() ? std::string(found.get_string()) : std::string();
}

std::string Reply::id(std::string_view member) const {
  const json::value found = at("/" + std::string(member));
  if (!found.is_string()) throw std::runtime_error("no " + std::string(member) + " in " + text);
  return std::string(found.get_string());
}

std::string Token::text() const { return tenant.str() + ";" + client + ";" + subject + ";" + join(scopes, ","); }

Token full_token(const TenantId& tenant) { return {.tenant = tenant, .scopes = scope_catalogue()}; }
Token token_with(std::vector<std::string> scopes) { return {.scopes = std::move(scopes)}; }
Token token_without(std::string_view scope) {
  Token token = full_token();
  std::erase(token.scopes, scope);
  return token;
}

json::object provider_document(const std::string& issuer) {
  return {{"issuer", issuer},
          {"authorization_endpoint", issuer + "/authorize"},
          {"token_endpoint", issuer + "/token"},
          {"userinfo_endpoint", issuer + "/userinfo"},
          {"jwks_uri", issuer + "/jwks"},
          {"response_types_supported", json::array{"code", "id_token"}},
          {"id_token_signing_alg_values_supported", json::array{"RS256"}},
          {"code_challenge_methods_supported", json::array{"S256"}}};
}

std::string explicit_options(const std::string& more) {
  return R"({"type":"back_channel","client_id":"abc","issuer":"https://idp.example.com",)"
         R"("authorization_endpoint":"https://idp.example.com/authorize",)"
         R"("token_endpoint":"https://idp.example.com/token","jwks_uri":"https://idp.example.com/jwks")" +
         (more.empty() ? "" : "," + more) + "}";
}

struct ManagementTest::Parts {
  explicit Parts(ManagementTest& test, const ApiRates& rates)
      : discoverer(test.provider_),
        services{*test.database_, test.box_, test.clock_, test.random_, workers, discoverer, {}, false},
        api(contract, verifier, test.clock_, rates),
        clients(services),
        connections(services),
        connection_clients(services),
        connection_tests(services, test.recent_failures_),
        home_realm(services),
        tenant_keys(*test.database_, test.clock_),
        people(services, test.session_end_, tenant_keys, test.link_tokens_),
        client_grants(services),
        resource_servers(services),
        configuration(services, test.txt_lookup_) {
    record_limits(api, services);
    clients.register_on(api);
    connections.register_on(api);
    connection_clients.register_on(api);
    connection_tests.register_on(api);
    home_realm.register_on(api);
    people.register_on(api);
    client_grants.register_on(api);
    resource_servers.register_on(api);
    configuration.register_on(api);
    router = std::make_unique<http::Router>(api.routes());
    document = json::parse(contract.document("https://id.example.com")).as_object();
  }

  InlineWorkers workers;
  upstream::Discoverer discoverer;
  Services services;
  Contract contract;
  FakeVerifier verifier;
  Api api;
  Clients clients;
  Connections connections;
  ConnectionClients connection_clients;
  ConnectionTests connection_tests;
  HomeRealmDiscovery home_realm;
  StoredTenantKeys tenant_keys;
  People people;
  ClientGrants client_grants;
  ResourceServers resource_servers;
  Configuration configuration;
  std::unique_ptr<http::Router> router;
  json::object document;
};

ManagementTest::ManagementTest(const ApiRates& rates)
    : database_(db::open_database("sqlite::memory:")), box_(master_keys(), random_) {
  parts_ = std::make_unique<Parts>(*this, rates);
  write([&](db::Transaction& tx) {
    for (const TenantId& tenant : {kTenant, kOtherTenant}) {
      model::Tenant made = store::tenant_from_document(tenant, "{}");
      made.version = 1;
      store::TenantStore(tx).insert(made);
      ensure_system_resource_server(tx, tenant, "https://" + tenant.str() + ".example.com", random_, clock_.now());
      ensure_global_client(tx, tenant, random_, clock_.now());
    }
  });
}

ManagementTest::~ManagementTest() = default;

Services& ManagementTest::services() { return parts_->services; }
const Contract& ManagementTest::contract() const { return parts_->contract; }

Reply ManagementTest::send(Request request) {
  request.headers.set("Authorization", "Bearer " + request.token.text());
  if (!request.body.empty()) request.headers.set("Content-Type", "application/json");
  return send_raw(request.method, request.path, request.body, std::move(request.headers), request.token.tenant);
}

Reply ManagementTest::send_raw(const std::string& method, const std::string& path, const std::string& body,
                               http::Headers headers, const TenantId& site) {
  http::Request request;
  request.method = http::parse_method(method);
  const auto question = path.find('?');
  request.path = "/api/v2" + path.substr(0, question);
  if (question != std::string::npos) request.query = path.substr(question + 1);
  request.headers = std::move(headers);
  request.body = body;
  request.client_address = "192.0.2.1";
  const std::string host = site.str() + ".example.com";
  request.site = std::make_shared<const http::Site>(http::Site{site, "https://" + host, host, true});

  const auto found = parts_->router->find(request.method, request.path);
  const auto* match = std::get_if<http::Router::Match>(&found);
  if (!match) throw std::runtime_error("no route for " + method + " " + path);
  request.parameters = match->parameters;
  http::Response response = run_task(match->route->handler(std::move(request)));
  Reply reply{.status = response.status, .headers = std::move(response.headers), .text = std::move(response.body)};
  if (!reply.text.empty()) reply.body = json::parse(reply.text);
  expect_documented(*match, reply);
  return reply;
}

void ManagementTest::expect_documented(const http::Router::Match& match, const Reply& reply) {
  const std::string where(to_string(match.route->method));
  const std::string path = match.route->pattern.substr(sizeof("/api/v2") - 1);
  SCOPED_TRACE(where + " " + path + " answered " + std::to_string(reply.status) + " " + reply.text.substr(0, 400));
  const json::object& responses =
      parts_->document.at("paths").at(path).at(to_lower_ascii(where)).at("responses").get_object();
  const auto* documented = responses.if_contains(std::to_string(reply.status));
  ASSERT_TRUE(documented) << "the contract does not know this status";
  const json::object& response = resolved_response(parts_->document, documented->get_object());
  const auto* content = response.if_contains("content");
  EXPECT_EQ(content != nullptr, !reply.text.empty());
  if (content != nullptr) {
    const auto error = parts_->contract.validator().check(
        reply.body, content->at("application/json").at("schema").get_object());
    EXPECT_FALSE(error) << payload_message(*error);
    EXPECT_EQ(reply.headers.get("Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(reply.headers.get("Cache-Control"), "no-store");
  }
  const auto* headers = response.if_contains("headers");
  EXPECT_EQ(headers != nullptr && headers->get_object().contains("ETag"), reply.headers.has("ETag"));
  for (const char* name : {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"})
    EXPECT_TRUE(reply.headers.has(name)) << name;
}

std::string ManagementTest::make_connection(const std::string& name) {
  return post("/connections", R"({"strategy":"oidc","name":")" + name + R"(","options":)" + explicit_options() + "}")
      .id();
}

std::string ManagementTest::make_client(const std::string& name) {
  return post("/clients", R"({"name":")" + name + R"("})").id("client_id");
}

void ManagementTest::change_tenant(const std::string& doc) {
  write([&](db::Transaction& tx) {
    store::TenantStore tenants(tx);
    const auto before = tenants.find(kTenant);
    model::Tenant tenant = store::tenant_from_document(kTenant, doc);
    tenant.version = before->version + 1;
    tenant.created_at = before->created_at;
    ASSERT_EQ(tenants.update(tenant, before->version), store::Update::done);
  });
}

void ManagementTest::make_canonical_domains() {
  write([&](db::Transaction& tx) {
    for (const TenantId& tenant : {kTenant, kOtherTenant}) {
      store::Domain domain;
      domain.host = tenant.str() + ".example.com";
      domain.base_url = "https://" + domain.host;
      domain.tenant = tenant;
      domain.id = "cd_" + random_alphanumeric(random_, 16);
      domain.is_canonical = true;
      domain.verified_at = clock_.now();
      domain.doc = "{}";
      store::TenantStore(tx).insert_domain(domain);
    }
  });
}

std::vector<std::string> ManagementTest::logged(const TenantId& tenant) {
  std::vector<std::string> lines;
  for (const model::LogEvent& event :
       read([&](db::Transaction& tx) { return store::LogStore(tx, tenant).scan({}, "", 1000, false); }))
    lines.push_back(event.type + ": " + event.description);
  return lines;
}

}  // namespace symbolon::management
