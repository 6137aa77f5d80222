#include "flows/world.h"

#include "app/bootstrap.h"
#include "app/routes.h"
#include "http/url.h"
#include "management/connection_options.h"
#include "management/connection_document.h"
#include "management/new_client.h"
#include "store/client_store.h"
#include "store/connection_store.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

const TenantId kTenant("default");
constexpr const char* kBase = "https://id.example";

struct Undone {};

}  // namespace

void BreakingDatabase::count() {
  if (left_ > 0 && --left_ == 0) throw db::DatabaseError("broken on purpose");
}

Task<void> BreakingDatabase::run_write(Unit unit) {
  count();
  try {
    co_await inner_.write([&unit](db::Transaction& tx) {
      unit(tx);
      throw Undone();
    });
  } catch (const Undone&) {
  }
  if (const Unit others = std::exchange(meanwhile_, {}); others)
    co_await inner_.write([&others](db::Transaction& tx) { others(tx); });
  co_await inner_.write([&unit](db::Transaction& tx) { unit(tx); });
}

Task<void> BreakingDatabase::run_read(Unit unit) {
  count();
  co_await inner_.read([&unit](db::Transaction& tx) { unit(tx); });
}

Task<void> BreakingDatabase::run_search(db::StepBudget& budget, Unit unit) {
  count();
  if (!budget.spend(search_cost_)) throw db::BudgetExceeded("too dear on purpose");
  co_await inner_.search(budget, [&unit](db::Transaction& tx) { unit(tx); });
}

World::World()
    : box(crypto::Keyring::generate(random), random), memory(db::open_database("sqlite::memory:")), db(*memory) {
  run_task(app::ensure_default_tenant(db, kBase, random, clock.now()));
  endpoints = std::make_unique<app::Endpoints>(
      app::Foundation{.db = db, .box = box, .clock = clock, .random = random, .workers = workers, .outbound = provider, .txt_lookup = txt_lookup,
                      .egress = {}});
  sites = std::make_unique<app::Sites>(db, clock);
  dispatcher = std::make_unique<app::Dispatcher>(db, *sites, app::make_routes(*endpoints), endpoints->api);
  client_id = add_client("app", &client_secret);
  other_id = add_client("other", nullptr);
  add_connection("acme", model::Channel::back_channel);
  add_connection("front", model::Channel::front_channel);
  provider.on("https://idp.example/keys", 200, key_set_of({&provider_key}));
}

std::string World::add_client(const std::string& name, std::string* secret) {
  auto made = management::make_client(kTenant,
                                      {{"name", name},
                                       {"app_type", "regular_web"},
                                       {"callbacks", json::array{"https://app.example/cb"}},
                                       {"token_endpoint_auth_method", "client_secret_post"}},
                                      box, random, clock.now());
  run_task(db.write([&](db::Transaction& tx) { store::ClientStore(tx, kTenant).insert(made->client); }));
  if (secret) *secret = made->secret;
  return made->client.id.str();
}

void World::add_connection(const std::string& name, model::Channel channel) {
  const json::object options{{"type", std::string(to_string(channel))},
                             {"client_id", "upstream-" + name},
                             {"client_secret", "s3cret"},
                             {"issuer", "https://idp.example"},
                             {"authorization_endpoint", "https://idp.example/auth"},
                             {"token_endpoint", "https://idp.example/token"},
                             {"jwks_uri", "https://idp.example/keys"},
                             {"scope", "openid email"},
                             {"connection_settings", {{"pkce", "S256"}}}};
  auto prepared = run_task(
      management::prepare_options(endpoints->management_services, model::Strategy::oidc, options, false));
  model::Connection connection;
  connection.tenant = kTenant;
  connection.id = ConnectionId("con_" + random_alphanumeric(random, 16));
  connection.name = name;
  management::apply_options(connection, std::move(*prepared));
  management::apply_members(connection, {});
  management::set_connection_secret(connection, "s3cret", box);
  connection.version = 1;
  connection.created_at = connection.updated_at = clock.now();
  run_task(db.write([&](db::Transaction& tx) {
    store::ConnectionStore connections(tx, kTenant);
    connections.insert(connection);
    for (const std::string& client : {client_id, other_id}) connections.enable(connection.id, ClientId(client));
  }));
}

void World::change_connection(const std::string& name, const std::function<void(model::Connection&)>& change) {
  run_task(db.write([&](db::Transaction& tx) {
    store::ConnectionStore connections(tx, kTenant);
    model::Connection connection = *connections.find_by_name(name);
    change(connection);
    connections.update(connection, connection.version);
  }));
}

void World::change_client(const std::string& id, const json::object& members) {
  run_task(db.write([&](db::Transaction& tx) {
    store::ClientStore clients(tx, kTenant);
    model::Client client = *clients.find(ClientId(id));
    json::object doc = json::parse(client.doc).as_object();
    for (const auto& member : members) doc[member.key()] = member.value();
    client.doc = json::serialize(doc);
    const model::Client changed = store::client_from_document(kTenant, client.doc);
    client.first_party = changed.first_party;
    client.web_origins = changed.web_origins;
    clients.update(client, client.version);
  }));
}

void World::take_cookies(const http::Response& response) {
  for (const std::string_view line : response.headers.get_all("Set-Cookie")) {
    const std::string text(line);
    const auto equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (text.contains("Max-Age=0"))
      cookies.erase(name);
    else
      cookies[name] = text.substr(equals + 1, text.find(';') - equals - 1);
  }
}

http::Response World::send(http::Request request) {
  request.headers.set("Host", host);
  if (!accept_language.empty()) request.headers.set("Accept-Language", accept_language);
  if (request.client_address.empty()) request.client_address = "203.0.113.7";
  std::string header;
  for (const auto& [name, value] : cookies) header += (header.empty() ? "" : "; ") + name + "=" + value;
  if (!header.empty()) request.headers.set("Cookie", header);
  http::Response response = run_task(dispatcher->dispatch(std::move(request)));
  take_cookies(response);
  return response;
}

http::Response World::get(const std::string& target, const Fields& headers) {
  http::Request request;
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) request.query = target.substr(question + 1);
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return send(std::move(request));
}

http::Response World::post(const std::string& path, const Fields& form, const Fields& headers) {
  http::Request request;
  request.method = http::Method::post;
  request.path = path;
  request.body = http::encode_form(form);
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return send(std::move(request));
}

std::map<std::string, std::string> World::parameters(const http::Response& redirect) {
  std::map<std::string, std::string> found;
  const auto url = http::parse_url(redirect.headers.get("Location"));
  if (!url || !url->query) return found;
  const auto form = http::Form::parse(*url->query);
  if (form)
    for (const auto& [name, value] : form->all()) found[name] = value;
  return found;
}

std::map<std::string, std::string> World::depart(const std::string& connection, Fields more) {
  Fields query{{"client_id", client_id},     {"response_type", "code"}, {"redirect_uri", "https://app.example/cb"},
               {"scope", "openid email"},    {"state", "app-state"},    {"nonce", "app-nonce"},
               {"connection", connection}};
  for (auto& [name, value] : more) {
    std::erase_if(query, [&](const auto& field) { return field.first == name; });
    query.emplace_back(name, value);
  }
  return parameters(get("/authorize?" + http::encode_form(query)));
}

std::string World::id_token(const std::string& nonce, const std::string& upstream_client) {
  TokenBuilder token(provider_key);
  const std::int64_t now = to_epoch_seconds(clock.now());
  token.claims = {{"iss", "https://idp.example"}, {"sub", subject}, {"aud", upstream_client}, {"iat", now},
                  {"exp", now + 300},             {"nonce", nonce}, {"email", "ada@idp.example"},
                  {"email_verified", true},       {"jti", random_token(random, 8)}};
  for (const auto& [name, value] : provider_claims) token.claims[name] = value;
  for (const auto& claim : more_claims) token.claims[claim.key()] = claim.value();
  return token.compact();
}

http::Response World::arrive(const std::map<std::string, std::string>& departure, const std::string& connection) {
  const std::string token = id_token(departure.at("nonce"), "upstream-" + connection);
  const std::string callback = http::parse_url(departure.at("redirect_uri"))->path;
  if (connection == "front") return post(callback, {{"state", departure.at("state")}, {"id_token", token}});
  provider.on("https://idp.example/token", 200,
              json::serialize(json::object{{"access_token", "at"}, {"token_type", "Bearer"}, {"id_token", token}}));
  return get(callback + "?" + http::encode_form({{"state", departure.at("state")}, {"code", "upstream-code"}}));
}

http::Response World::redeem(const std::string& code) {
  return post("/oauth/token", {{"grant_type", "authorization_code"},
                               {"code", code},
                               {"redirect_uri", "https://app.example/cb"},
                               {"client_id", client_id},
                               {"client_secret", client_secret}});
}

std::int64_t World::count(const std::string& table) {
  return run_task(memory->read(
      [&](db::Transaction& tx) { return tx.query_one("SELECT COUNT(*) FROM " + table)->integer(0); }));
}

}  // namespace symbolon::flows
