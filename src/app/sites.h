#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/site.h"

namespace symbolon::app {

/// Which tenant a host name belongs to (login-runtime §0.3, SEC-64). Held in memory, so that a request costs no query;
/// a host added elsewhere is seen within a second.
class Sites {
 public:
  Sites(db::Database& db, const Clock& clock) : db_(db), clock_(clock) {}

  /// The site of a Host header; nullptr when the name is none of ours. With one site only, every name is answered as
  /// that site: nothing that is emitted depends on the header.
  Task<std::shared_ptr<const http::Site>> find(std::string host);

  /// Reads all host names again; called before the server starts and after they changed here.
  /// False when there are none.
  Task<bool> reload();

 private:
  using Map = std::map<std::string, std::shared_ptr<const http::Site>>;
  std::shared_ptr<const Map> snapshot() const;

  db::Database& db_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Map> sites_ = std::make_shared<const Map>();
  std::atomic<std::int64_t> loaded_at_{0};
};

/// The site of a verified or canonical domain; `base_url` is its scheme, host and port.
http::Site make_site(TenantId tenant, std::string base_url);

}  // namespace symbolon::app
