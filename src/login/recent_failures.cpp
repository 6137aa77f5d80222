#include "login/recent_failures.h"

#include <algorithm>

#include "login/failure.h"

namespace symbolon::login {

std::string RecentFailures::note(const http::Request& request, FailedLogin failed) {
  std::string reference = make_reference(random_);
  log_failure(request, failed, reference);
  add(request.site->tenant, failed.error.rule, describe_failure(request, failed, reference, clock_.now()));
  return reference;
}

void RecentFailures::drop_oldest_of(const Kind& kind) {
  const auto oldest = std::ranges::find(kept_, kind, &Kept::kind);
  kept_.erase(oldest);
  const auto count = counts_.find(kind);
  if (--count->second == 0) counts_.erase(count);
}

RecentFailures::Kind RecentFailures::oldest_of_fullest_tenant() const {
  std::map<std::string_view, std::size_t> sizes;
  for (const auto& [kind, count] : counts_) sizes[std::get<0>(kind)] += count;
  const auto fullest = std::ranges::max_element(sizes, {}, [](const auto& one) { return one.second; });
  const auto oldest = std::ranges::find(kept_, fullest->first, [](const Kept& one) { return std::string_view(std::get<0>(one.kind)); });
  return oldest->kind;
}

void RecentFailures::add(const TenantId& tenant, const std::string& rule, model::LogEvent event) {
  Kind kind(tenant.str(), rule, event.client.str());
  const std::scoped_lock lock(mutex_);
  if (const auto count = counts_.find(kind); count != counts_.end() && count->second >= kMaxOfAKind)
    drop_oldest_of(kind);
  else if (kept_.size() >= kMaxKept)
    drop_oldest_of(oldest_of_fullest_tenant());
  ++counts_[kind];
  kept_.push_back({std::move(kind), std::move(event)});
}

std::optional<model::LogEvent> RecentFailures::find(const TenantId& tenant, std::string_view reference) {
  const Instant now = clock_.now();
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find_if(kept_, [&](const Kept& one) {
    return std::get<0>(one.kind) == tenant.str() && one.event.reference == reference;
  });
  if (found == kept_.end() || now >= found->event.date + kLifetime) return std::nullopt;
  return found->event;
}

}  // namespace symbolon::login
