#include "oidc/authorize_endpoint.h"

#include <stdexcept>

#include "base/log.h"
#include "base/text.h"
#include "login/failure.h"
#include "login/page_frame.h"
#include "oidc/authorization_issuer.h"
#include "oidc/id_token_hint.h"
#include "oidc/our_apis.h"
#include "pages/error_page.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/resource_server_store.h"
#include "store/tenant_store.h"

namespace symbolon::oidc {
namespace {

model::Tenant find_tenant(db::Transaction& tx, const TenantId& id) {
  auto tenant = store::TenantStore(tx).find(id);
  if (!tenant) throw std::runtime_error("a site without a tenant");
  return std::move(*tenant);
}

std::string asked_audience(const http::Form& form, const model::Tenant& tenant) {
  if (form.has("audience")) return form.get("audience");
  return tenant.resource_is_audience ? form.get("resource") : std::string();
}

}  // namespace

// Everything that one read of the database tells about a request.
struct AuthorizeEndpoint::Found {
  model::Tenant tenant;
  std::optional<model::Client> client;
  std::string audience;
  std::optional<ApiAccess> api;
  bool realm_is_connection = false;
};

AuthorizeEndpoint::Found AuthorizeEndpoint::look_up(db::Transaction& tx, const http::Site& site,
                                                    const http::Form& form) {
  Found found{find_tenant(tx, site.tenant), {}, {}, {}, false};
  if (form.has("client_id")) found.client = store::ClientStore(tx, site.tenant).find(ClientId(form.get("client_id")));
  if (!found.client) return found;

  store::ResourceServerStore apis(tx, site.tenant);
  std::optional<model::ResourceServer> api;
  found.audience = asked_audience(form, found.tenant);
  if (found.audience.empty() && contains(split_words(form.get("scope")), kAdministrationScope)) {
    api = apis.find_by_identifier(administration_audience(site));
    if (api) found.audience = api->identifier;
  }
  if (found.audience.empty()) found.audience = found.tenant.default_audience;
  if (!found.audience.empty() && !api) api = apis.find_by_identifier(found.audience);
  if (api) {
    auto grant = store::ClientGrantStore(tx, site.tenant).find(found.client->id, api->identifier, "user");
    found.api = ApiAccess{std::move(*api), std::move(grant)};
  }
  if (form.has("realm") && !form.has("connection"))
    found.realm_is_connection =
        store::ConnectionStore(tx, site.tenant).find_for_client(form.get("realm"), found.client->id).has_value();
  return found;
}

Task<http::Response> AuthorizeEndpoint::handle(http::Request request) {
  const auto parameters = parse_authorize_parameters(request);
  if (!parameters) co_return co_await refuse_unread(std::move(request), parameters.error());
  Found found = co_await db_.read([&](db::Transaction& tx) { return look_up(tx, *request.site, parameters->form); });
  const auto redirect = trust_redirect(*parameters, found.client);
  if (!redirect) co_return show(request, found.tenant, redirect.error());

  AuthorizeContext context{.tenant = found.tenant,
                           .client = *found.client,
                           .audience = std::move(found.audience),
                           .api = std::move(found.api),
                           .hinted_subject = {},
                           .realm_is_connection = found.realm_is_connection};
  if (const std::string hint = parameters->form.get("id_token_hint"); !hint.empty()) {
    const auto keys = co_await keys_.get(request.site->tenant);
    context.hinted_subject = read_id_token_hint(hint, *keys, *request.site, found.client->id);
  }
  model::AuthorizationRequest checked = return_address(*parameters, *found.client, *redirect);
  const bool posted = request.method == http::Method::post;
  if (const auto error = check_authorize_request(*parameters, context, *redirect, checked))
    co_return render_refusal(*request.site, *found.client, checked, *error, login::make_reference(random_),
                             found.tenant.iss_parameter, posted);

  // A page that repeats the request, such as the choice of a provider, repeats it as a link.
  if (posted) request.query = request.body;
  co_return co_await flow_.run(std::move(request), std::move(found.tenant), std::move(*found.client),
                               std::move(checked));
}

Task<http::Response> AuthorizeEndpoint::refuse_unread(http::Request request, PageRefusal refusal) {
  const model::Tenant tenant =
      co_await db_.read([&](db::Transaction& tx) { return find_tenant(tx, request.site->tenant); });
  co_return show(request, tenant, refusal);
}

http::Response AuthorizeEndpoint::show(const http::Request& request, const model::Tenant& tenant,
                                       const PageRefusal& refusal) {
  pages::ErrorPage page;
  page.status = refusal.status;
  if (refusal.callback_mismatch) page.title = pages::Text::error_callback_title;
  page.error = to_string(refusal.error.code);
  page.description = refusal.error.description;
  page.reference = login::make_reference(random_);
  const auto form = http::Form::parse_lenient(request.method == http::Method::post ? request.body : request.query);
  if (form) page.client_id = printable(form->get("client_id"), 128);
  log::info("authorize_refused", {{"reference", page.reference},
                                  {"request_id", request.id},
                                  {"tenant", tenant.id.str()},
                                  {"client_id", page.client_id},
                                  {"error", page.error},
                                  {"description", page.description},
                                  {"detail", refusal.error.detail}});
  return pages::render(login::frame_for(tenant, request, form ? form->get("ui_locales") : ""), page);
}

}  // namespace symbolon::oidc
