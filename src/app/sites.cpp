#include "app/sites.h"

#include "base/log.h"
#include "base/text.h"
#include "http/url.h"
#include "store/tenant_store.h"

namespace symbolon::app {
namespace {

constexpr std::int64_t kRecheckMillis = 1000;

}  // namespace

http::Site make_site(TenantId tenant, std::string base_url) {
  const auto url = http::parse_url(base_url);
  http::Site site;
  site.tenant = std::move(tenant);
  site.host = url ? url->authority() : base_url;
  site.secure = !url || url->is_https();
  site.base_url = std::move(base_url);
  return site;
}

std::shared_ptr<const Sites::Map> Sites::snapshot() const {
  const std::lock_guard lock(mutex_);
  return sites_;
}

Task<bool> Sites::reload() {
  auto loaded = std::make_shared<Map>();
  co_await db_.read([&](db::Transaction& tx) {
    loaded->clear();
    store::TenantStore tenants(tx);
    for (const model::Tenant& tenant : tenants.list())
      for (const store::Domain& domain : tenants.list_domains(tenant.id)) {
        if (!domain.is_canonical && !domain.verified_at) continue;
        (*loaded)[domain.host] = std::make_shared<const http::Site>(make_site(tenant.id, domain.base_url));
      }
  });
  loaded_at_ = to_epoch_millis(clock_.now());
  const std::lock_guard lock(mutex_);
  sites_ = std::move(loaded);
  co_return !sites_->empty();
}

Task<std::shared_ptr<const http::Site>> Sites::find(std::string host) {
  host = to_lower_ascii(host);
  // Another process may have added or removed a name; its own schedule bounds how often that is looked up.
  const std::int64_t now = to_epoch_millis(clock_.now());
  std::int64_t loaded = loaded_at_.load();
  if (now - loaded >= kRecheckMillis && loaded_at_.compare_exchange_strong(loaded, now)) {
    try {
      co_await reload();
    } catch (const db::DatabaseError& error) {
      // What was known a second ago serves until the database answers again.
      log::error("sites_not_reloaded", {{"detail", error.what()}});
    }
  }

  const auto sites = snapshot();
  if (const auto found = sites->find(host); found != sites->end()) co_return found->second;
  if (sites->size() == 1) co_return sites->begin()->second;
  co_return nullptr;
}

}  // namespace symbolon::app
