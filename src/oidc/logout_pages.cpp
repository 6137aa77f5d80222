#include "oidc/logout_pages.h"

#include "login/browser_session.h"
#include "login/form_guard.h"
#include "login/page_frame.h"
#include "pages/error_page.h"
#include "pages/logout_page.h"
#include "pages/texts.h"
#include "store/client_store.h"
#include "tickets/page_token.h"

namespace symbolon::oidc {
namespace {

constexpr std::string_view kForm = "logout";

// Lengths keep one value from spilling into the next.
std::string bound_to(const SessionId& session, const LogoutQuestion& question) {
  std::string text = question.federated ? "federated" : "local";
  for (const std::string& part : {session.str(), question.client_id, question.post_logout_redirect_uri, question.state})
    text += "|" + std::to_string(part.size()) + ":" + part;
  return text;
}

pages::LogoutPage page_for(const login::Services& services, const http::Request& request, const SessionId& session,
                           const LogoutQuestion& question) {
  pages::LogoutPage page;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) page.fields.emplace_back(name, std::move(value));
  };
  add("client_id", question.client_id);
  add("post_logout_redirect_uri", question.post_logout_redirect_uri);
  add("state", question.state);
  add("ui_locales", question.ui_locales);
  if (question.federated) add("federated", "true");
  add("token", tickets::seal_form_token(services.box, request.site->tenant, kForm, bound_to(session, question),
                                        services.clock.now()));
  return page;
}

// A provider may send the browser on from host to host, and browsers judge the whole way.
std::string way_out(const std::string& target) {
  return target.empty() ? "https:" : login::form_target_of(target) + " https:";
}

struct Found {
  model::Tenant tenant;
  std::optional<model::Client> client;
  std::optional<model::Session> session;
};

}  // namespace

LogoutQuestion LogoutQuestion::from(const http::Form& form) {
  return {form.get("client_id"), form.get("post_logout_redirect_uri"), form.get("state"), form.get("ui_locales"),
          form.mentions("federated") && form.get("federated") != "false"};
}

http::Response render_logout_question(const login::Services& services, const http::Request& request,
                                      const pages::Frame& frame, const SessionId& session,
                                      const LogoutQuestion& question, const std::string& target) {
  pages::LogoutPage page = page_for(services, request, session, question);
  page.form_targets = way_out(target);
  return pages::render(frame, page);
}

http::Response render_refused_url(const login::Services& services, const http::Request& request,
                                  const pages::Frame& frame, const SessionId& session) {
  pages::LogoutPage page = page_for(services, request, session, {});
  page.url_was_refused = true;
  page.form_targets = way_out({});
  return pages::render(frame, page);
}

http::Response render_logout_error(const pages::Frame& frame, int status, std::string_view description) {
  pages::ErrorPage page;
  page.status = status;
  page.error = status == 429 ? "too_many_requests" : "invalid_request";
  page.description = description;
  return pages::render(frame, page);
}

Task<http::Response> LogoutPages::answer(http::Request request) {
  const http::Form form = http::Form::parse(request.body).value_or(http::Form());
  const LogoutQuestion question = LogoutQuestion::from(form);
  const Instant now = services_.clock.now();
  const Found found = co_await services_.db.read([&](db::Transaction& tx) {
    Found seen{tenant_of(tx, request), {}, {}};
    if (!question.client_id.empty())
      seen.client = store::ClientStore(tx, request.site->tenant).find(ClientId(question.client_id));
    seen.session = login::find_browser_session(tx, request, seen.tenant, now);
    return seen;
  });
  const SessionId session = found.session ? found.session->id : SessionId();
  const pages::Frame frame = login::frame_for(found.tenant, request, question.ui_locales);
  if (!login::is_our_form(request, services_.box, kForm, bound_to(session, question), form.get("token"), now))
    co_return render_logout_error(frame, 403, pages::text(frame.language, pages::Text::form_expired));
  if (form.get("decision") != "yes") {
    pages::LoggedOutPage page;
    page.still_signed_in = true;
    co_return pages::render(frame, page);
  }

  const auto& registered = found.client ? found.client->allowed_logout_urls : found.tenant.allowed_logout_urls;
  LogoutOrder order;
  order.session = session;
  order.of_this_browser = true;
  if (found.client) order.client = found.client->id;
  order.state = question.state;
  order.federated = question.federated;
  order.ui_locales = question.ui_locales;
  if (!question.post_logout_redirect_uri.empty())
    order.target = check_logout_url(registered, question.post_logout_redirect_uri, LogoutMatch::exact);
  else if (found.client)
    order.target = first_logout_url(registered);
  co_return co_await logout_.perform(std::move(request), std::move(order));
}

Task<http::Response> LogoutPages::logged_out(http::Request request) {
  const model::Tenant tenant = co_await services_.db.read([&](db::Transaction& tx) { return tenant_of(tx, request); });
  const http::Form form = http::Form::parse_lenient(request.query).value_or(http::Form());
  pages::LoggedOutPage page;
  page.continue_url = tenant.default_redirection_uri;
  co_return pages::render(login::frame_for(tenant, request, form.get("ui_locales")), page);
}

}  // namespace symbolon::oidc
