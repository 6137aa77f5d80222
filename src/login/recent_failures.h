#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "http/request.h"
#include "model/log_event.h"

namespace symbolon::login {

struct FailedLogin;

/// Explanations of failures that anybody can cause by calling our URLs. They cost no row (design §2 rule 1): they are
/// kept in this process's memory, so that a reference on a page can be looked up while it is fresh. Safe from any thread.
class RecentFailures {
 public:
  /// At most this many in all, and of one application under one rule. Who fills the last pushes out its own kind; when all
  /// is full, the tenant that has most loses its oldest, so that no tenant pushes out those of a smaller one.
  static constexpr std::size_t kMaxKept = 1000, kMaxOfAKind = 20;
  static constexpr std::chrono::hours kLifetime{24};

  RecentFailures(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  /// Writes the log line of a failure and keeps its explanation; the reference that finds it.
  std::string note(const http::Request& request, FailedLogin failed);
  /// Keeps an event that has its reference already. `rule` is the rule that it failed by.
  void add(const TenantId& tenant, const std::string& rule, model::LogEvent event);
  std::optional<model::LogEvent> find(const TenantId& tenant, std::string_view reference);

 private:
  using Kind = std::tuple<std::string, std::string, std::string>;  ///< tenant, rule, client
  struct Kept {
    Kind kind;
    model::LogEvent event;
  };

  void drop_oldest_of(const Kind& kind);
  Kind oldest_of_fullest_tenant() const;  ///< at least one is kept

  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< oldest first
  std::map<Kind, std::size_t> counts_;
};

}  // namespace symbolon::login
