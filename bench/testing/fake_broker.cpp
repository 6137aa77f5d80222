#include "testing/fake_broker.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "login_storm/tokens.h"

namespace symbolon::bench {

namespace json = boost::json;

namespace {

ServerResponse redirect(const std::string& location) {
  return {.status = 302, .content_type = {}, .body = {}, .headers = {{"Location", location}}};
}

ServerResponse answer(json::object body, unsigned status = 200) {
  return {.status = status, .content_type = "application/json", .body = json::serialize(body), .headers = {}};
}

ServerResponse page(unsigned status, std::string html) {
  return {.status = status, .content_type = "text/html", .body = std::move(html), .headers = {}};
}

std::string find_cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::string_view pair = header.substr(0, header.find("; "));
    header.remove_prefix(std::min(pair.size() + 2, header.size()));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

/// Looks like a JWT to someone who reads only the claims.
std::string unsigned_id_token(const std::string& nonce) {
  const json::object claims{{"sub", "somebody"}, {"nonce", nonce}};
  return base64url_encode(R"({"alg":"none"})") + "." + base64url_encode(json::serialize(claims)) + ".";
}

}  // namespace

FakeBroker::FakeBroker(boost::asio::any_io_executor executor, Setup setup)
    : executor_(std::move(executor)), setup_(std::move(setup)) {}

Task<ServerResponse> FakeBroker::handle(ServerRequest request) {
  const std::string_view path = request.path();
  ServerResponse response = page(404, "<title>Not found</title>");
  if (path == "/authorize" || path == "/authorize/again") response = authorize(request);
  if (path == "/login/callback") response = co_await callback(request);
  if (path == "/finish")
    response = finish(value_of(parse_form(request.body + std::string(query_of(request.target))), "code"));
  if (path == "/oauth/token") response = token(request);
  if (path == "/counters") response = counters();
  if (setup_.quirk == Quirk::closes) response.headers.emplace_back("Connection", "close");
  if (setup_.quirk == Quirk::closes || setup_.quirk == Quirk::drops) response.close = true;
  co_return response;
}

ServerResponse FakeBroker::authorize(const ServerRequest& request) {
  const Parameters query = parse_form(query_of(request.target));
  if (setup_.quirk == Quirk::leaves) return redirect("http://elsewhere.example/");
  if (setup_.quirk == Quirk::extra_redirects && request.path() == "/authorize")
    return redirect("authorize/again?" + std::string(query_of(request.target)));
  if (value_of(query, "client_id") != setup_.client_id || value_of(query, "response_type") != "code" ||
      value_of(query, "code_challenge_method") != "S256")
    return page(400, "<title>Bad request</title>");
  const Downstream downstream{.redirect_uri = value_of(query, "redirect_uri"),
                              .state = value_of(query, "state"),
                              .nonce = value_of(query, "nonce"),
                              .challenge = value_of(query, "code_challenge")};
  if (sessions_.contains(find_cookie(request.cookie, "session"))) return finish(issue(downstream));
  return start_flight(downstream);
}

ServerResponse FakeBroker::start_flight(Downstream downstream) {
  const std::string state = random_token();
  Flight flight{.downstream = std::move(downstream), .verifier = random_token(), .nonce = random_token()};
  Parameters query{{"client_id", "storm"},
                   {"redirect_uri", origin_ + "/login/callback"},
                   {"scope", "openid"},
                   {"state", state},
                   {"nonce", flight.nonce}};
  if (setup_.front_channel) {
    query.insert(query.end(), {{"response_type", "id_token"}, {"response_mode", "form_post"}});
  } else {
    query.insert(query.end(), {{"response_type", "code"},
                               {"code_challenge", pkce_challenge(flight.verifier)},
                               {"code_challenge_method", "S256"}});
  }
  ServerResponse response = redirect(with_query(setup_.provider + "/authorize", query));
  response.headers.emplace_back("Set-Cookie", "flight_" + state + "=1; Path=/; HttpOnly; SameSite=Lax");
  flights_.emplace(state, std::move(flight));
  return response;
}

Task<ServerResponse> FakeBroker::callback(ServerRequest request) {
  const Parameters form = parse_form(request.method == "POST" ? request.body : query_of(request.target));
  const std::string state = value_of(form, "state");
  const auto found = flights_.find(state);
  if (found == flights_.end() || find_cookie(request.cookie, "flight_" + state) != "1")
    co_return page(400, "<title>State mismatch</title>");
  const Flight flight = std::move(found->second);
  flights_.erase(found);
  if (setup_.quirk == Quirk::fails) co_return page(500, "<title>Out of order</title>");
  if (setup_.quirk == Quirk::denies)
    co_return redirect(
        with_query(flight.downstream.redirect_uri, {{"error", "access_denied"}, {"state", flight.downstream.state}}));

  const std::string id_token =
      setup_.front_channel ? value_of(form, "id_token") : co_await exchange(value_of(form, "code"), flight.verifier);
  const std::size_t dot = std::min(id_token.find('.'), id_token.size());
  const std::string claims =
      base64url_decode(id_token.substr(std::min(dot + 1, id_token.size()), id_token.rfind('.') - dot - 1)).value_or("");
  if (claims.find(flight.nonce) == std::string::npos) co_return page(502, "<title>Bad ID token</title>");

  ++sign_ins_;
  const std::string session = random_token();
  sessions_.insert(session);
  const std::string code = issue(flight.downstream);
  ServerResponse response = finish(code);
  if (setup_.quirk == Quirk::extra_redirects) response = redirect("../finish?code=" + code);
  if (setup_.quirk == Quirk::consent_page)
    response =
        page(200, "<form method=post action='/finish'><input type=hidden name=code value='" + code +
                      "'><button name=grant value=yes>Allow</button><button name=grant value=no>No</button></form>");
  response.headers.emplace_back("Set-Cookie", "session=" + session + "; Path=/; HttpOnly");
  response.headers.emplace_back("Set-Cookie", "flight_" + state + "=; Path=/; Max-Age=0");
  co_return response;
}

std::unique_ptr<HttpConnection> FakeBroker::take_connection() {
  if (idle_.empty()) {
    const Url url = parse_http_url(setup_.provider).value();
    return std::make_unique<HttpConnection>(executor_, resolve_endpoint(url.host, url.port), std::chrono::seconds(5));
  }
  std::unique_ptr<HttpConnection> connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

Task<std::string> FakeBroker::exchange(std::string code, std::string verifier) {
  const Parameters form{{"grant_type", "authorization_code"},
                        {"code", code},
                        {"code_verifier", verifier},
                        {"redirect_uri", origin_ + "/login/callback"}};
  HttpRequest request{.method = "POST",
                      .target = "/token",
                      .headers = {{"Authorization", "Basic " + base64_encode("storm:storm-secret")}},
                      .body = encode_form(form)};
  std::unique_ptr<HttpConnection> connection = take_connection();
  const auto response = co_await connection->exchange(std::move(request));
  idle_.push_back(std::move(connection));
  if (!response || response->status != 200) co_return "";
  const json::value tokens = json::parse(response->body);
  co_return std::string(tokens.at("id_token").as_string());
}

std::string FakeBroker::issue(const Downstream& downstream) {
  std::string code = random_token();
  codes_.emplace(code, downstream);
  return code;
}

ServerResponse FakeBroker::finish(const std::string& code) {
  const auto found = codes_.find(code);
  if (found == codes_.end()) return page(400, "<title>Unknown code</title>");
  const std::string state = setup_.quirk == Quirk::other_state ? "another" : found->second.state;
  return redirect(with_query(found->second.redirect_uri, {{"code", code}, {"state", state}}));
}

bool FakeBroker::is_client(const ServerRequest& request, const Parameters& form) const {
  if (request.authorization == "Basic " + base64_encode(setup_.client_id + ":" + setup_.client_secret)) return true;
  return value_of(form, "client_id") == setup_.client_id && value_of(form, "client_secret") == setup_.client_secret;
}

ServerResponse FakeBroker::token(const ServerRequest& request) {
  const Parameters form = parse_form(request.body);
  if (setup_.quirk == Quirk::hangs_up)
    return {.status = 0, .content_type = {}, .body = {}, .headers = {}, .close = true};
  if (!is_client(request, form)) return answer({{"error", "invalid_client"}}, 401);
  json::object tokens{{"access_token", random_token()}, {"token_type", "Bearer"}};
  const std::string grant_type = value_of(form, "grant_type");
  if (grant_type == "client_credentials") return answer(std::move(tokens));
  if (grant_type == "refresh_token" && refresh_tokens_.erase(value_of(form, "refresh_token")) == 0)
    return answer({{"error", "invalid_grant"}}, 400);
  if (grant_type == "authorization_code") {
    const auto found = codes_.find(value_of(form, "code"));
    if (found == codes_.end() || pkce_challenge(value_of(form, "code_verifier")) != found->second.challenge ||
        value_of(form, "redirect_uri") != found->second.redirect_uri)
      return answer({{"error", "invalid_grant"}}, 400);
    const std::string nonce = setup_.quirk == Quirk::other_nonce ? "another" : found->second.nonce;
    if (setup_.quirk != Quirk::no_id_token) tokens["id_token"] = unsigned_id_token(nonce);
    codes_.erase(found);
  }
  const std::string refresh_token = random_token();
  refresh_tokens_.insert(refresh_token);
  tokens["refresh_token"] = refresh_token;
  return answer(std::move(tokens));
}

ServerResponse FakeBroker::counters() const { return answer({{"store", json::object{{"commits", 2 * sign_ins_}}}}); }

}  // namespace symbolon::bench
