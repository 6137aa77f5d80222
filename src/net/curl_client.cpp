#include "net/curl_client.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <map>
#include <stdexcept>
#include <string>

#include "base/text.h"
#include "http/address.h"
#include "http/url.h"
#include "net/call_slots.h"
#include "net/curl_request.h"

namespace symbolon::net {
namespace asio = boost::asio;
namespace {

using http::FetchError;
using http::FetchFailure;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Result = std::expected<http::OutboundResponse, FetchError>;

std::uint64_t next_client() {
  static std::atomic<std::uint64_t> count = 0;
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::runtime_error("libcurl cannot be started");
  return ++count;
}

/// What one client keeps on one io_context.
struct Station {
  Station(const asio::any_io_executor& executor, const ClientLimits& limits)
      : engine(executor, limits.idle_connections),
        slots(std::make_shared<CallSlots>(CallSlots::Limits{
            .per_host = limits.calls_per_host, .total = limits.calls, .waiting_per_host = limits.waiting_per_host})) {}
  CurlEngine engine;
  std::shared_ptr<CallSlots> slots;
};

/// Ties the stations to the life of their io_context: they hold its timers and descriptors.
class Stations final : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;

  // Timers and descriptors are used here first, so that their services are older, and are shut down after this one.
  explicit Stations(asio::execution_context& context)
      : service(context),
        timer_(static_cast<asio::io_context&>(context)),
        descriptor_(static_cast<asio::io_context&>(context)) {}

  Station& of(std::uint64_t client, const asio::any_io_executor& executor, const ClientLimits& limits) {
    auto& station = stations_[client];
    if (!station) station = std::make_unique<Station>(executor, limits);
    return *station;
  }

 private:
  void shutdown() override { stations_.clear(); }

  asio::steady_timer timer_;
  asio::posix::stream_descriptor descriptor_;
  std::map<std::uint64_t, std::unique_ptr<Station>> stations_;
};

FetchError nothing_sent(FetchFailure failure, std::string detail) {
  return {.failure = failure, .detail = std::move(detail), .sent_nothing = true};
}

bool is_own_header(std::string_view name) {
  static constexpr std::string_view kOwn[] = {"Host",       "Content-Length", "Transfer-Encoding",
                                              "Connection", "Expect",         "Accept-Encoding"};
  return std::ranges::any_of(kOwn, [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

std::expected<void, FetchError> check_headers(const http::OutboundRequest& request) {
  for (const auto& [name, value] : request.headers)
    if (!http::is_token(name) || !http::is_field_value(value) || is_own_header(name))
      return std::unexpected(nothing_sent(FetchFailure::protocol, "a header field of the request cannot be sent"));
  return {};
}

/// A literal is judged here, since behind a proxy no socket of ours would be.
std::expected<http::Url, FetchError> check_url(const std::string& text, const http::EgressPolicy& policy) {
  auto url = http::parse_url(text);
  if (!url || !(url->is_https() || url->is_http()))
    return std::unexpected(nothing_sent(FetchFailure::bad_url, "not an absolute https URL"));
  if (url->is_http() && !policy.allow_http)
    return std::unexpected(nothing_sent(FetchFailure::bad_url, "https is required"));
  const std::string_view host = url->host;
  const auto address = http::parse_address(host.starts_with('[') ? host.substr(1, host.size() - 2) : host);
  if (address && !permits(policy, *address))
    return std::unexpected(nothing_sent(FetchFailure::address_not_allowed,
                                        "the address is not a public one, and the allow-list does not have it"));
  url->fragment.reset();
  return *url;
}

std::expected<void, FetchError> check_proxy(const std::string& proxy) {
  if (proxy.empty()) return {};
  const auto url = http::parse_url(proxy);
  if (url && (url->is_http() || url->is_https())) return {};
  return std::unexpected(nothing_sent(FetchFailure::bad_url, "the proxy is not an http or https URL"));
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

milliseconds left_until(steady_clock::time_point deadline) {
  return std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
}

}  // namespace

struct CurlClient::Shared {
  std::uint64_t id;
  ClientLimits limits;
  TrustStore trust;
};

CurlClient::CurlClient(ClientLimits limits)
    : shared_(std::make_shared<const Shared>(next_client(), limits, TrustStore::of_the_system())) {}

CurlClient::~CurlClient() = default;

Task<Result> CurlClient::send(http::OutboundRequest request) {
  const auto shared = shared_;
  const auto started = steady_clock::now();
  const auto deadline = started + request.total_timeout;
  if (const auto checked = check_headers(request); !checked) co_return std::unexpected(checked.error());
  if (const auto checked = check_proxy(request.egress.proxy); !checked) co_return std::unexpected(checked.error());
  auto url = check_url(request.url, request.egress);
  if (!url) co_return std::unexpected(url.error());

  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::execution_context& context = asio::query(executor, asio::execution::context);
  Station& station = asio::use_service<Stations>(context).of(shared->id, executor, shared->limits);
  CallSlots::Slot slot(station.slots, url->origin(), executor);
  switch (co_await slot.enter(deadline)) {
    case CallSlots::Entry::granted:
      break;
    case CallSlots::Entry::too_late:
      co_return std::unexpected(nothing_sent(FetchFailure::timeout, "too many calls to this host are under way"));
    case CallSlots::Entry::too_many:
      co_return std::unexpected(nothing_sent(FetchFailure::connect, "too many calls to this host wait already"));
  }

  for (int redirects = 0;; ++redirects) {
    const milliseconds left = left_until(deadline);
    if (left <= milliseconds(0))
      co_return std::unexpected(FetchError{FetchFailure::timeout, "the redirects took too long"});
    CurlRequest call(station.engine, shared->trust, request, *url, shared->limits.header_bytes);
    Result response = co_await call.send(left);
    if (!response) co_return response;
    response->final_url = url->str();
    response->elapsed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - started);
    if (request.max_redirects == 0 || request.method != http::Method::get || !is_redirect(response->status))
      co_return response;

    const auto next = check_url(call.redirect_url(), request.egress);
    if (redirects == request.max_redirects || !next || next->origin() != url->origin())
      co_return std::unexpected(FetchError{FetchFailure::redirect_refused, "redirected elsewhere, or too often"});
    url = next;
  }
}

}  // namespace symbolon::net
