#include "oidc/authorize_endpoint.h"

#include "base/text.h"
#include "login/error_answer.h"
#include "login/failure.h"
#include "login/page_frame.h"
#include "oidc/authorization_issuer.h"
#include "oidc/id_token_hint.h"
#include "oidc/pushed_request.h"
#include "oidc/request_object.h"
#include "pages/error_page.h"
#include "store/client_store.h"

namespace symbolon::oidc {
Task<http::Response> AuthorizeEndpoint::handle(http::Request request) {
  auto parameters = parse_authorize_parameters(request);
  if (!parameters) co_return co_await refuse_unread(std::move(request), parameters.error());
  if (const auto refusal = co_await unwrap(*request.site, *parameters))
    co_return co_await refuse_unread(std::move(request), *refusal);
  AuthorizeFacts found =
      co_await db_.read([&](db::Transaction& tx) { return find_authorize_facts(tx, *request.site, parameters->form); });
  const auto redirect = trust_redirect(*parameters, found.client);
  if (!redirect) co_return show(request, found.tenant, found.client ? &*found.client : nullptr, redirect.error());

  std::optional<std::string> hinted;
  if (const std::string hint = parameters->form.get("id_token_hint"); !hint.empty()) {
    const auto keys = co_await keys_.get(request.site->tenant);
    hinted = read_id_token_hint(hint, *keys, *request.site, found.client->id);
  }
  const AuthorizeContext context = found.context(std::move(hinted));
  model::AuthorizationRequest checked = return_address(*parameters, *found.client, *redirect);
  const bool posted = request.method == http::Method::post;
  if (const auto error = check_authorize_request(*parameters, context, *redirect, checked))
    co_return render_refusal({request, found.tenant, recent_failures_, {}}, *found.client, checked, *error, posted);

  co_return co_await flow_.run(std::move(request), std::move(found.tenant), std::move(*found.client),
                               std::move(checked));
}

// Steps 3 and 4 of §1.7. Nothing may redirect yet: the address to send an error to is inside.
Task<std::optional<PageRefusal>> AuthorizeEndpoint::unwrap(http::Site site, AuthorizeParameters& parameters) {
  const ClientId client(parameters.form.get("client_id"));
  const std::string uri = parameters.form.get("request_uri"), object = parameters.form.get("request");
  if (!uri.empty() && !object.empty())
    co_return PageRefusal(400, model::OAuthCode::invalid_request, pages::RefusalText::two_requests);
  const Instant now = clock_.now();
  if (uri.starts_with(kPushedUriPrefix)) {
    auto pushed = co_await db_.write(
        [&](db::Transaction& tx) { return take_pushed_request(tx, site.tenant, uri, client, site.base_url, now); });
    if (!pushed)
      co_return PageRefusal(400, model::OAuthCode::invalid_request_uri, pages::RefusalText::request_uri_unknown, uri);
    parameters = AuthorizeParameters{std::move(pushed->form), {}, true, pushed->was_signed};
  }
  if (!object.empty()) {
    const auto known =
        co_await db_.read([&](db::Transaction& tx) { return store::ClientStore(tx, site.tenant).find(client); });
    if (!known) co_return std::nullopt;  // what follows refuses an unknown client
    auto inside = read_request_object(object, *known, site, now);
    if (!inside)
      co_return PageRefusal(400, inside.error().code, pages::RefusalText::request_object_invalid,
                            std::move(inside.error().detail));
    parameters = AuthorizeParameters{std::move(*inside), {}, false, true};
  }
  co_return std::nullopt;
}

Task<http::Response> AuthorizeEndpoint::refuse_unread(http::Request request, PageRefusal refusal) {
  const model::Tenant tenant =
      co_await db_.read([&](db::Transaction& tx) { return find_tenant(tx, request.site->tenant); });
  co_return show(request, tenant, nullptr, refusal);
}

http::Response AuthorizeEndpoint::show(const http::Request& request, const model::Tenant& tenant,
                                       const model::Client* client, const PageRefusal& refusal) {
  pages::ErrorPage page;
  page.status = refusal.status;
  if (refusal.callback_mismatch) page.title = pages::Text::error_callback_title;
  page.error = to_string(refusal.error.code);
  const auto form = http::Form::parse_lenient(request.method == http::Method::post ? request.body : request.query);
  const std::string locales = form ? form->get("ui_locales") : "";
  page.description = pages::text(login::frame_for(tenant, request, locales).language, refusal.why);
  if (form) page.client_id = printable(form->get("client_id"), 128);
  login::FailedLogin failed;
  failed.error.step = "authorization_request";
  failed.error.rule = refusal.callback_mismatch ? "E2" : "E1";
  failed.error.check = "the application and its redirect_uri are known, so that there is somewhere to answer to";
  failed.error.received = form ? "client_id=" + page.client_id + " redirect_uri=" + form->get("redirect_uri") : "";
  failed.error.hint = "Correct the request of the application, or what is registered for it.";
  failed.error.downstream = refusal.error;
  if (client) {
    failed.client = client->id;
    failed.client_name = client->name;
  }
  page.reference = recent_failures_.note(request, std::move(failed));
  return login::show_error(request, tenant, locales, page);
}

}  // namespace symbolon::oidc
