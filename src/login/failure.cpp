#include "login/failure.h"

#include <array>
#include <boost/json.hpp>

#include "base/log.h"
#include "base/text.h"
#include "store/log_store.h"

namespace symbolon::login {
namespace {

// More explanations than this in a minute help nobody and would fill the disk.
constexpr int kStoredPerMinute = 600;

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

bool FailureReporter::may_store(Instant now) {
  const std::int64_t minute = to_epoch_seconds(now) / 60;
  if (window_.exchange(minute) != minute) stored_in_window_ = 0;
  return stored_in_window_.fetch_add(1) < kStoredPerMinute;
}

Task<std::string> FailureReporter::report(http::Request request, FailedLogin failed) {
  const Instant now = services_.clock.now();
  const std::string reference = make_reference(services_.random);
  const upstream::UpstreamError& error = failed.error;
  log::warning(failed.is_test ? "try_failed" : "login_failed",
               {{"reference", reference},
                {"request_id", request.id},
                {"tenant", request.site->tenant.str()},
                {"client_id", failed.client.str()},
                {"connection", failed.connection},
                {"step", error.step},
                {"rule", error.rule},
                {"check", error.check},
                {"expected", error.expected},
                {"received", error.received},
                {"hint", error.hint},
                {"error", to_string(error.downstream.code)},
                {"detail", error.downstream.detail}});
  if (!failed.proven_browser || !may_store(now)) co_return reference;

  model::LogEvent event;
  event.date = now;
  event.type = failed.is_test ? "try_failed" : "f";
  event.description = error.check;
  event.client = failed.client;
  event.client_name = failed.client_name;
  event.connection_id = failed.connection_id;
  event.connection = failed.connection;
  event.strategy = failed.strategy;
  event.ip = request.client_address;
  event.user_agent = printable(request.headers.get("User-Agent"), 512);
  event.hostname = request.site->host;
  event.reference = reference;
  event.details = boost::json::serialize(explain_failure(error));
  try {
    co_await services_.db.write([&event, &request](db::Transaction& tx) {
      store::LogStore(tx, request.site->tenant).insert(event);
    });
  } catch (const db::DatabaseError& broken) {
    // The person must get an answer although the explanation could not be kept.
    log::error("explanation_not_stored", {{"reference", reference}, {"detail", broken.what()}});
  }
  co_return reference;
}

}  // namespace symbolon::login
