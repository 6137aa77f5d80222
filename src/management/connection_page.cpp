#include "management/connection_page.h"

#include "management/audit.h"
#include "management/connection_document.h"
#include "store/tenant_store.h"

namespace symbolon::management {

http::Response connection_page(db::Transaction& tx, const Call& call, const Services& services,
                               const PagingRules& rules, const Paging& paging,
                               const store::Page<store::ShownConnection>& page, Instant now) {
  const auto tenant = store::TenantStore(tx).find(call.tenant).value_or(model::Tenant{});
  const auto visibility = options_visibility(tenant, call.caller, false);
  const FieldFilter fields(call, "id");
  std::vector<std::string> items;
  bool has_secret = false;
  for (const store::ShownConnection& one : page.items) {
    ConnectionText shown = connection_text(one.record, one.enabled_clients, services.box, visibility, fields);
    has_secret = has_secret || shown.has_secret;
    items.push_back(std::move(shown.text));
  }
  if (has_secret) log_secret_read(tx, call, "Read connection secrets", now);
  return text_answer(200, page_text(rules, paging, items, page.next, page.total, call, services.box, now));
}

}  // namespace symbolon::management
