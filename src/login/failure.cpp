#include "login/failure.h"

#include <array>
#include <boost/json.hpp>

#include "base/log.h"
#include "base/text.h"
#include "http/counted_address.h"
#include "login/recent_failures.h"
#include "store/log_store.h"

namespace symbolon::login {
namespace {

// More explanations than this in a minute help nobody and would fill the disk.
constexpr int kStoredPerMinute = 600;
// What came from outside may be as long as a request; nobody reads on.
constexpr std::size_t kMaxValue = 2048, kMaxName = 256;

}  // namespace

boost::json::array explain_exchanges(const std::vector<upstream::Exchange>& exchanges) {
  boost::json::array explained;
  for (const upstream::Exchange& exchange : exchanges)
    explained.push_back(boost::json::object{{"purpose", exchange.purpose},
                                            {"method", exchange.method},
                                            {"url", exchange.url},
                                            {"status", exchange.status},
                                            {"elapsed_ms", exchange.elapsed.count()},
                                            {"excerpt", exchange.excerpt}});
  return explained;
}

boost::json::object explain_failure(const upstream::UpstreamError& error) {
  return {{"step", error.step},
          {"rule", error.rule},
          {"check", error.check},
          {"expected", error.expected},
          {"received", error.received},
          {"hint", error.hint},
          {"error", {{"oauthError", std::string(to_string(error.downstream.code))},
                     {"message", error.downstream.description},
                     {"detail", error.downstream.detail}}},
          {"exchanges", explain_exchanges(error.exchanges)}};
}

std::string make_reference(Random& random) {
  static constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::array<std::uint8_t, 8> bytes;
  random.fill(bytes);
  std::string reference;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4) reference.push_back('-');
    reference.push_back(kLetters[bytes[i] % kLetters.size()]);
  }
  return reference;
}

// A login of ours is had for the asking, so what stands against filling the disk is the address that asks.
bool FailureReporter::may_store(const http::Request& request, const FailedLogin& failed, Instant now) {
  if (!failed.proven_browser) return false;
  if (!failed.is_test && !of_address_.take(http::counted_address(request.client_address), now).allowed) return false;
  const std::int64_t minute = to_epoch_seconds(now) / 60;
  if (window_.exchange(minute) != minute) stored_in_window_ = 0;
  return stored_in_window_.fetch_add(1) < kStoredPerMinute;
}

void log_failure(const http::Request& request, const FailedLogin& failed, const std::string& reference) {
  const upstream::UpstreamError& error = failed.error;
  log::warning(failed.is_test ? "try_failed" : "login_failed",
               {{"reference", reference},
                {"request_id", request.id},
                {"tenant", request.site->tenant.str()},
                {"client_id", failed.client.str()},
                {"connection", failed.connection},
                {"user_id", failed.user.str()},
                {"step", error.step},
                {"rule", error.rule},
                {"check", error.check},
                {"expected", error.expected},
                {"received", error.received},
                {"hint", error.hint},
                {"error", to_string(error.downstream.code)},
                {"detail", error.downstream.detail}});
}

model::LogEvent describe_failure(const http::Request& request, const FailedLogin& failed, const std::string& reference,
                                 Instant now) {
  upstream::UpstreamError error = failed.error;
  for (std::string* text : {&error.expected, &error.received, &error.downstream.description, &error.downstream.detail})
    if (text->size() > kMaxValue) *text = printable(*text, kMaxValue);
  model::LogEvent event;
  event.date = now;
  event.type = failed.is_test ? "try_failed" : "f";
  event.description = error.check;
  event.client = failed.client;
  event.client_name = failed.client_name;
  event.connection_id = failed.connection_id;
  event.connection = printable(failed.connection, kMaxName);
  event.strategy = failed.strategy;
  event.user = failed.user;
  event.user_name = failed.user_name;
  event.ip = request.client_address;
  event.user_agent = printable(request.headers.get("User-Agent"), 512);
  event.hostname = request.site->host;
  event.reference = reference;
  event.details = boost::json::serialize(explain_failure(error));
  return event;
}

Task<std::string> FailureReporter::report(http::Request request, FailedLogin failed) {
  const Instant now = services_.clock.now();
  if (!may_store(request, failed, now)) co_return services_.recent_failures.note(request, std::move(failed));
  const std::string reference = make_reference(services_.random);
  log_failure(request, failed, reference);
  const model::LogEvent event = describe_failure(request, failed, reference, now);
  std::optional<std::string> broken;
  try {
    co_await services_.db.write([&event, &request](db::Transaction& tx) {
      store::LogStore(tx, request.site->tenant).insert(event);
    });
  } catch (const db::DatabaseError& error) {
    broken = error.what();
  }
  if (broken) {
    // The person must get an answer although the explanation could not be stored.
    log::error("explanation_not_stored", {{"reference", reference}, {"detail", *broken}});
    services_.recent_failures.add(request.site->tenant, failed.error.rule, event);
  }
  co_return reference;
}

}  // namespace symbolon::login
