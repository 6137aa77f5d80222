#include "oidc/logout_endpoint.h"

#include "http/counted_address.h"
#include "http/form.h"
#include "http/rate_limit_headers.h"
#include "login/browser_session.h"
#include "login/page_frame.h"
#include "oidc/logout_pages.h"
#include "pages/refusal_texts.h"
#include "store/client_store.h"

namespace symbolon::oidc {
namespace {

using pages::RefusalText;

// What one read tells about a visit.
struct Found {
  model::Tenant tenant;
  std::optional<model::Client> client;
  std::optional<model::Session> session;
};

Found look_up(db::Transaction& tx, const http::Request& request, const http::Form& form, Instant now) {
  Found found{tenant_of(tx, request), {}, {}};
  if (form.has("client_id"))
    found.client = store::ClientStore(tx, request.site->tenant).find(ClientId(form.get("client_id")));
  found.session = login::find_browser_session(tx, request, found.tenant, now);
  return found;
}

// Where the browser says what it will do with the answer, it must be to show it (LO-6).
bool is_navigation(const http::Request& request) {
  const std::string_view destination = request.headers.get("Sec-Fetch-Dest");
  return destination.empty() || destination == "document";
}

}  // namespace

Task<http::Response> LogoutEndpoint::handle(http::Request request) {
  if (!is_navigation(request)) {
    http::Response response = http::empty_response(204);
    http::forbid_caching(response);
    co_return response;
  }
  const http::Form form = http::Form::parse_lenient(request.query).value_or(http::Form());
  const Instant now = services_.clock.now();
  const Found found = co_await services_.db.read([&](db::Transaction& tx) { return look_up(tx, request, form, now); });
  const pages::Frame frame = login::frame_for(found.tenant, request, form.get("ui_locales"));
  if (const auto visits = visits_.take(http::counted_address(request.client_address), now); !visits.allowed) {
    http::Response response = render_logout_error(frame, 429, pages::text(frame.language, RefusalText::too_often));
    http::set_rate_limit_headers(response, visits);
    co_return response;
  }
  if (form.has("client_id") && !found.client && found.session)
    co_await logout_.note_refusal(request, *found.session, {}, "LO-2", "the client_id is unknown");
  if (form.has("client_id") && !found.client)
    co_return render_logout_error(frame, 400, pages::text(frame.language, RefusalText::client_unknown));

  const auto& registered = found.client ? found.client->allowed_logout_urls : found.tenant.allowed_logout_urls;
  LogoutOrder order;
  if (found.session) {
    order.session = found.session->id;
    order.of_this_browser = true;
  }
  if (found.client) order.client = found.client->id;
  order.federated = form.mentions("federated") && form.get("federated") != "false";
  order.ui_locales = form.get("ui_locales");
  if (form.has("returnTo")) {
    order.target = check_logout_url(registered, form.get("returnTo"), LogoutMatch::without_query);
    if (!order.target && found.session)
      co_await logout_.note_refusal(request, *found.session, order.client, "LO-5", "returnTo is not registered");
    if (!order.target) co_return render_refused_url(services_, request, frame, order.session);
  } else if (found.client) {
    order.target = first_logout_url(registered);
  }
  co_return co_await logout_.perform(std::move(request), std::move(order));
}

}  // namespace symbolon::oidc
