#include "login_storm/browser.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "login_storm/html_form.h"

namespace symbolon::bench {

namespace asio = boost::asio;

namespace {

constexpr int kMaxHops = 20;
constexpr std::size_t kShownBody = 300;

using Steady = std::chrono::steady_clock;

HttpResponse as_received(ServerResponse response) {
  HttpResponse out{.status = response.status,
                   .location = {},
                   .content_type = std::move(response.content_type),
                   .set_cookies = {},
                   .body = std::move(response.body)};
  for (auto& [name, value] : response.headers)
    if (name == "Location") out.location = std::move(value);
  return out;
}

/// A coroutine, so that it can be sent to the stub's thread, where signatures are counted.
Task<ServerResponse> authorize_at(StubProvider& stub, Parameters request, unsigned traveller) {
  co_return stub.authorize(request, traveller);
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string oauth_error(const std::string& body) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(body, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* code = object ? object->if_contains("error") : nullptr;
  return code && code->is_string() ? std::string(code->get_string()) : std::string();
}

}  // namespace

Failure describe(const HttpResponse& response) {
  Failure failure{"HTTP " + std::to_string(response.status), response.body.substr(0, kShownBody)};
  std::string word = oauth_error(response.body);
  if (word.empty()) word = find_title(response.body);
  if (!word.empty()) failure.kind += " (" + word + ")";
  return failure;
}

Browser::Browser(asio::any_io_executor executor, const World& world, unsigned traveller)
    : world_(world),
      traveller_(traveller),
      broker_origin_("http://" + world.broker.value().authority),
      provider_origin_("http://" + world.stub_endpoint.authority),
      provider_entry_(world.stub.authorization_endpoint()),
      broker_(executor, *world.broker, world.options.load.timeout),
      provider_(executor, world.stub_endpoint, world.options.load.timeout) {}

void Browser::start_afresh() {
  jar_.clear();
  if (world_.options.load.fresh_connections) broker_.close();
}

Task<std::expected<Journey, Failure>> Browser::travel(std::string url, std::string redirect_uri) {
  Journey journey;
  Visit visit{.url = std::move(url), .post = false, .body = {}};
  for (int hop = 0; hop < kMaxHops; ++hop) {
    if (leads_to(visit.url, redirect_uri)) {
      journey.landing = parse_form(visit.post ? std::string_view(visit.body) : query_of(visit.url));
      co_return journey;
    }
    const bool at_provider = leads_to(visit.url, provider_entry_);
    const char* const phase = at_provider ? "provider: " : journey.visited_provider ? "callback: " : "authorize: ";
    const auto started = Steady::now();
    auto response = at_provider ? co_await ask_provider(visit) : co_await ask_broker(visit);
    const auto elapsed = Steady::now() - started;
    if (at_provider) {
      journey.visited_provider = true;
      journey.upstream += elapsed;
      journey.code_exchange = response && is_redirect(response->status);
    } else {
      (journey.visited_provider ? journey.callback : journey.authorize) += elapsed;
    }
    auto next = response ? next_visit(visit, *response) : std::unexpected(response.error());
    if (!next) co_return std::unexpected(Failure{phase + next.error().kind, next.error().detail});
    visit = std::move(*next);
  }
  co_return std::unexpected(Failure{"too many redirects", visit.url.substr(0, visit.url.find('?'))});
}

std::expected<Browser::Visit, Failure> Browser::next_visit(const Visit& visit, const HttpResponse& response) {
  if (is_redirect(response.status) && !response.location.empty()) {
    const bool repeats = response.status == 307 || response.status == 308;
    return Visit{.url = resolve(visit.url, response.location),
                 .post = repeats && visit.post,
                 .body = repeats ? visit.body : std::string()};
  }
  if (response.status != 200) return std::unexpected(describe(response));
  const auto form = find_form(response.body);
  if (!form) return std::unexpected(describe(response));
  const std::string target = resolve(visit.url, form->action);
  if (form->post) return Visit{.url = target, .post = true, .body = encode_form(form->fields)};
  return Visit{.url = target.substr(0, target.find('?')) + "?" + encode_form(form->fields), .post = false, .body = {}};
}

Task<std::expected<HttpResponse, Failure>> Browser::fetch(HttpConnection* connection, Visit visit) {
  const auto url = parse_http_url(visit.url);
  HttpRequest request{.method = visit.post ? "POST" : "GET",
                      .target = url->target,
                      .headers = {{"Accept", "text/html"}},
                      .body = std::move(visit.body)};
  if (visit.post) request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  if (connection == &broker_) {
    std::string cookies = jar_.header_for(url->path());
    if (!cookies.empty()) request.headers.emplace_back("Cookie", std::move(cookies));
  }
  co_return co_await connection->exchange(std::move(request));
}

Task<std::expected<HttpResponse, Failure>> Browser::ask_provider(Visit visit) {
  if (world_.options.browser_hops) {
    visit.url = with_query(visit.url, {{"storm_traveller", std::to_string(traveller_)}});
    co_return co_await fetch(&provider_, std::move(visit));
  }
  const Parameters request = parse_form(visit.post ? std::string_view(visit.body) : query_of(visit.url));
  if (!StubProvider::wants_id_token(request)) co_return as_received(world_.stub.authorize(request, traveller_));
  co_return as_received(co_await asio::co_spawn(world_.stub_executor, authorize_at(world_.stub, request, traveller_),
                                                asio::use_awaitable));
}

Task<std::expected<HttpResponse, Failure>> Browser::ask_broker(Visit visit) {
  const auto url = parse_http_url(visit.url);
  if (!url || "http://" + url->authority() != broker_origin_)
    co_return std::unexpected(Failure{"left the broker", visit.url.substr(0, visit.url.find('?'))});
  auto response = co_await fetch(&broker_, std::move(visit));
  if (!response) co_return response;
  const auto now = std::chrono::floor<std::chrono::seconds>(world_.clock.now());
  for (const std::string& line : response->set_cookies) jar_.take(line, url->path(), now);
  co_return response;
}

}  // namespace symbolon::bench
