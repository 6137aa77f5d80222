#include "oidc/logout_delivery.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <tuple>

#include "base/log.h"
#include "base/text.h"
#include "http/form.h"
#include "http/url.h"
#include "login/event_names.h"
#include "oidc/logout_token.h"
#include "oidc/signing_algorithm.h"
#include "store/client_store.h"
#include "store/log_store.h"

namespace symbolon::oidc {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::chrono::seconds, 4> kPauses{5s, 30s, 2min, 10min};  // BC-8
constexpr auto kLease = 30s;
constexpr auto kAnswerWithin = 5s;
constexpr std::size_t kMaxAnswer = 64 * 1024;
constexpr int kFailuresUntilPause = 20;
constexpr auto kPauseOfTarget = 60s;
constexpr std::size_t kMaxAddresses = 10'000;
constexpr std::int64_t kUnderWay = 32;
constexpr std::int64_t kUnderWayToOne = 4;  // BC-9
constexpr auto kOldest = 1h;
constexpr std::size_t kGivenUpAtATime = 100;

// What will not become better by trying again (BC-8). A redirect would hand the token to an address nobody registered.
bool is_final(int status) {
  return (status >= 300 && status < 400) || status == 400 || status == 401 || status == 403 || status == 404 ||
         status == 410 || status == 501;
}

bool is_final(http::FetchFailure failure) {
  return failure == http::FetchFailure::redirect_refused || failure == http::FetchFailure::address_not_allowed ||
         failure == http::FetchFailure::bad_url;
}

// BC-11. `status` is 0 when no answer came.
model::LogEvent event_of(const store::OutboxItem& item, const model::Client& recipient, bool delivered, int status,
                         const std::string& error, Instant now) {
  const login::LogoutNotice notice = login::notice_from_document(item.doc);
  boost::json::object details{{"initiator", notice.initiator},
                              {"session_id", notice.session.str()},
                              {"attempts", item.attempts},
                              {"request", {{"method", "POST"}, {"backchannel_logout_uri", item.target}}}};
  if (status != 0) details["response"] = boost::json::object{{"statusCode", status}};
  if (!error.empty()) details["error"] = error;
  model::LogEvent event;
  event.date = now;
  event.type = delivered ? "oidc_backchannel_logout_succeeded" : "oidc_backchannel_logout_failed";
  event.description = error;
  event.client = recipient.id;
  event.client_name = recipient.name;
  event.user = notice.user;
  if (const auto url = http::parse_url(notice.issuer)) event.hostname = url->authority();
  event.details = boost::json::serialize(details);
  return event;
}

// The client that is still to hear of the notice at its address (BC-10).
std::optional<model::Client> find_recipient(db::Transaction& tx, const store::OutboxItem& item) {
  auto client = store::ClientStore(tx, item.tenant).find(login::notice_from_document(item.doc).client);
  if (client && !contains(client->backchannel_logout_urls, item.target)) return std::nullopt;
  return client;
}

std::vector<store::OutboxItem> find_overdue(db::Transaction& tx, Instant since) {
  store::OutboxStore outbox(tx);
  std::vector<store::OutboxItem> overdue;
  if (!outbox.has_due(since)) return overdue;
  for (const std::string& target : outbox.due_targets(since)) {
    const auto room = static_cast<std::int64_t>(kGivenUpAtATime - overdue.size());
    std::ranges::move(outbox.find_due(target, since, room), std::back_inserter(overdue));
    if (overdue.size() >= kGivenUpAtATime) break;
  }
  return overdue;
}

void give_up(db::Transaction& tx, const store::OutboxItem& item, Instant now) {
  store::OutboxStore outbox(tx);
  store::OutboxItem taken = item;
  if (!outbox.lease(taken, now + kLease)) return;  // it is on its way after all
  outbox.remove(item.tenant, item.id);
  const auto recipient = find_recipient(tx, item);
  if (!recipient) return;
  model::LogEvent event = event_of(item, *recipient, false, 0, "not delivered within an hour", now);
  login::fill_names(tx, item.tenant, event);
  store::LogStore(tx, item.tenant).insert(std::move(event));
}

}  // namespace

struct LogoutDelivery::Candidates {
  std::vector<store::OutboxItem> items;
  bool more = false;  ///< others are due, or may be, that there is no place for
};

struct LogoutDelivery::Attempt {
  Verdict verdict = Verdict::try_again;
  int status = 0;     ///< 0 when no answer came
  std::string error;  ///< why, when it did not work
};

Task<std::vector<store::OutboxItem>> LogoutDelivery::take_due() {
  const Instant now = clock_.now();
  auto reserved = reserve(co_await db_.read([&](db::Transaction& tx) { return find_candidates(tx, now); }));
  std::vector<store::OutboxItem> leased;
  if (reserved.empty()) co_return leased;
  const auto is_lost = [&](const store::OutboxItem& item) {
    return std::ranges::none_of(leased, [&](const store::OutboxItem& one) {
      return one.tenant == item.tenant && one.id == item.id;
    });
  };
  try {
    leased = co_await db_.write([&](db::Transaction& tx) {
      std::vector<store::OutboxItem> taken;
      for (store::OutboxItem item : reserved)
        if (store::OutboxStore(tx).lease(item, now + kLease)) taken.push_back(std::move(item));
      return taken;
    });
  } catch (...) {
    for (const store::OutboxItem& item : reserved) release(item.target);
    throw;
  }
  for (const store::OutboxItem& item : reserved)
    if (is_lost(item)) release(item.target);
  co_return leased;
}

Task<std::vector<store::OutboxItem>> LogoutDelivery::take_more() {
  {
    const std::lock_guard lock(mutex_);
    if (!more_waits_) co_return std::vector<store::OutboxItem>();
  }
  co_return co_await take_due();
}

Task<bool> LogoutDelivery::give_up_overdue() {
  const Instant now = clock_.now();
  const Instant since = now - kOldest;
  if (started_ > since) co_return false;
  const auto overdue = co_await db_.read([&](db::Transaction& tx) { return find_overdue(tx, since); });
  if (overdue.empty()) co_return false;
  co_await db_.write([&](db::Transaction& tx) {
    for (const store::OutboxItem& item : overdue) give_up(tx, item, now);
  });
  log::info("logout_notices_given_up", {{"count", static_cast<std::int64_t>(overdue.size())}});
  co_return overdue.size() >= kGivenUpAtATime;
}

LogoutDelivery::Candidates LogoutDelivery::find_candidates(db::Transaction& tx, Instant now) {
  store::OutboxStore outbox(tx);
  Candidates candidates;
  if (!outbox.has_due(now)) return candidates;
  for (const std::string& target : outbox.due_targets(now)) {
    const auto room = room_for(target, now);
    if (!room) continue;
    std::vector<store::OutboxItem> due;
    if (*room > 0) due = outbox.find_due(target, now, *room);
    if (std::ssize(due) >= *room) candidates.more = true;
    std::ranges::move(due, std::back_inserter(candidates.items));
    if (candidates.items.size() >= kUnderWay * kUnderWayToOne) break;
  }
  return candidates;
}

Task<void> LogoutDelivery::deliver(store::OutboxItem item) {
  // Gives the place back however the attempt ends.
  struct Place {
    LogoutDelivery& delivery;
    const std::string target;
    ~Place() { delivery.release(target); }
  };
  const Place place{*this, item.target};
  auto recipient = co_await db_.read([&](db::Transaction& tx) { return find_recipient(tx, item); });
  if (!recipient) {
    co_await db_.write([&](db::Transaction& tx) { store::OutboxStore(tx).remove(item.tenant, item.id); });
    co_return;
  }
  Attempt attempt = co_await post(item, *recipient);
  count(item.target, attempt.verdict, clock_.now());
  co_await settle(std::move(item), std::move(*recipient), std::move(attempt));
}

Task<LogoutDelivery::Attempt> LogoutDelivery::post(store::OutboxItem item, model::Client recipient) {
  const login::LogoutNotice notice = login::notice_from_document(item.doc);
  const auto keys = co_await keys_.get(item.tenant);
  const auto algorithm =
      find_signing_algorithm(recipient.id_token_algorithm).value_or(crypto::SignatureAlgorithm::RS256);
  const auto claims = logout_token_claims(notice, random_hex(random_, 16), random_hex(random_, 8), clock_.now());
  std::string token =
      co_await workers_.run([&] { return keys->sign(algorithm, recipient.backchannel_logout_typ, claims); });

  http::OutboundRequest request;
  request.method = http::Method::post;
  request.url = item.target;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json, */*"}};
  request.body = http::encode_form({{"logout_token", std::move(token)}});
  request.egress = egress_;
  request.max_body_bytes = kMaxAnswer;
  request.connect_timeout = request.total_timeout = kAnswerWithin;
  const auto answer = co_await client_.send(std::move(request));
  Attempt attempt;
  if (!answer) {
    attempt.error = to_string(answer.error().failure);
    if (is_final(answer.error().failure)) attempt.verdict = Verdict::failed;
    co_return attempt;
  }
  attempt.status = answer->status;
  if (answer->status == 200 || answer->status == 204) {
    attempt.verdict = Verdict::delivered;
  } else {
    attempt.error = "HTTP " + std::to_string(answer->status);
    if (is_final(answer->status)) attempt.verdict = Verdict::failed;
  }
  co_return attempt;
}

// Removes or puts off; what is over is written to the tenant's log (BC-11).
Task<void> LogoutDelivery::settle(store::OutboxItem item, model::Client recipient, Attempt attempt) {
  const Instant now = clock_.now();
  const auto tried = static_cast<std::size_t>(std::max<std::int64_t>(item.attempts, 1));
  const Instant latest = std::max(item.created_at, started_) + kOldest;
  if (attempt.verdict == Verdict::try_again && (tried > kPauses.size() || now + kPauses[tried - 1] > latest))
    attempt.verdict = Verdict::failed;
  const bool delivered = attempt.verdict == Verdict::delivered;
  log::info("logout_notice", {{"tenant", item.tenant.str()},
                              {"client_id", recipient.id.str()},
                              {"attempt", item.attempts},
                              {"delivered", delivered},
                              {"detail", attempt.error}});
  if (attempt.verdict == Verdict::try_again) {
    const Instant due = now + kPauses[tried - 1];
    co_await db_.write([&](db::Transaction& tx) { store::OutboxStore(tx).reschedule(item, due); });
    co_return;
  }
  model::LogEvent event = event_of(item, recipient, delivered, attempt.status, attempt.error, now);
  co_await db_.write([&](db::Transaction& tx) {
    store::OutboxStore(tx).remove(item.tenant, item.id);
    login::fill_names(tx, item.tenant, event);
    store::LogStore(tx, item.tenant).insert(event);
  });
}

// Nullopt for an address that is left alone.
std::optional<std::int64_t> LogoutDelivery::room_for(const std::string& target, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = addresses_.find(target);
  if (found == addresses_.end()) return kUnderWayToOne;
  if (now < found->second.left_alone_until) return std::nullopt;
  return kUnderWayToOne - found->second.under_way;
}

// Candidates come address by address. The first of every address goes before the second of any, so that many slow
// addresses leave room for the others.
std::vector<store::OutboxItem> LogoutDelivery::reserve(Candidates found) {
  std::vector<store::OutboxItem>& candidates = found.items;
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::int64_t> places;
  std::vector<std::tuple<std::int64_t, Instant, std::size_t>> order;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string& target = candidates[i].target;
    const auto known = addresses_.find(target);
    const std::int64_t place = places[target]++ + (known == addresses_.end() ? 0 : known->second.under_way);
    if (place < kUnderWayToOne) order.emplace_back(place, candidates[i].due_at, i);
    else found.more = true;
  }
  std::ranges::sort(order);
  std::vector<store::OutboxItem> reserved;
  for (const auto& [place, due, i] : order) {
    if (under_way_ >= kUnderWay) break;
    ++addresses_[candidates[i].target].under_way;
    ++under_way_;
    reserved.push_back(std::move(candidates[i]));
  }
  more_waits_ = found.more || reserved.size() < order.size();
  return reserved;
}

void LogoutDelivery::release(const std::string& target) {
  const std::lock_guard lock(mutex_);
  --under_way_;
  const auto found = addresses_.find(target);
  if (--found->second.under_way == 0 && found->second.failures == 0) addresses_.erase(found);
}

// Between reserve() and release(), so the address is known.
void LogoutDelivery::count(const std::string& target, Verdict verdict, Instant now) {
  const std::lock_guard lock(mutex_);
  Address& address = addresses_[target];
  if (verdict != Verdict::try_again) {
    address.failures = 0;
    return;
  }
  if (addresses_.size() >= kMaxAddresses)
    std::erase_if(addresses_, [&](const auto& one) { return one.second.under_way == 0; });
  if (++address.failures >= kFailuresUntilPause) address.left_alone_until = now + kPauseOfTarget;
}

}  // namespace symbolon::oidc
