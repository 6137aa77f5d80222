#include "login/visit.h"

#include "login/browser_session.h"
#include "login/ended.h"
#include "login/interactions.h"
#include "login/remembered_client.h"
#include "store/client_store.h"
#include "store/tenant_store.h"
#include "store/user_store.h"

namespace symbolon::login {

Task<std::variant<Visit, http::Response>> open_visit(const Services& services, http::Request http, std::string state,
                                                     tickets::InteractionStep step) {
  const Instant now = services.clock.now();
  const auto page = state.empty() ? std::nullopt : interactions::find(http, services.box, state, now);
  const ClientId wanted = page ? page->request.client : remembered_client::find(http, services.box, state, now);
  model::Tenant tenant;
  std::optional<model::Client> client;
  Visit visit;
  co_await services.db.read([&](db::Transaction& tx) {
    const TenantId& id = http.site->tenant;
    tenant = store::TenantStore(tx).find(id).value_or(model::Tenant{.id = id});
    if (!wanted.empty()) client = store::ClientStore(tx, id).find(wanted);
    if (!page || step == tickets::InteractionStep::sign_in) return;
    visit.session = find_browser_session(tx, http, tenant, now);
    const bool is_asked = visit.session && visit.session->id == page->session && visit.session->user == page->user &&
                          holds_current_cookie(http, *visit.session);
    if (!is_asked) visit.session.reset();
    if (visit.session) visit.user = store::UserStore(tx, id).find(visit.session->user);
  });
  const bool about_somebody = step != tickets::InteractionStep::sign_in;
  if (!page || page->step != step || !client || (about_somebody && !visit.user))
    co_return sign_in_ended(services, http, tenant, client ? &*client : nullptr);
  visit.tenant = std::move(tenant);
  visit.client = std::move(*client);
  visit.page = *page;
  co_return std::move(visit);
}

const std::string& account_name(const model::User& user) { return user.email.empty() ? user.id.str() : user.email; }

}  // namespace symbolon::login
