#include "oidc/pushed_request_endpoint.h"

#include <boost/json.hpp>

#include "base/log.h"
#include "base/text.h"
#include "oidc/cors.h"
#include "oidc/id_token_hint.h"
#include "oidc/oauth_error.h"
#include "oidc/request_object.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;

constexpr std::size_t kMaxBody = 10 * 1024;

std::unexpected<OAuthError> refuse(std::string description) {
  return std::unexpected(OAuthError{OAuthCode::invalid_request, std::move(description), {}});
}

http::Response refusal(const http::Site& site, int status, std::string description) {
  http::Response response = render_token_error(site, {OAuthCode::invalid_request, std::move(description), {}}, false);
  response.status = status;
  return response;
}

bool is_form(const http::Request& request) {
  const std::string_view type = request.headers.get("Content-Type");
  return equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

// What proved the client is no part of the request.
http::Form without_credentials(const http::Form& form) {
  http::Form rest;
  for (const auto& [name, value] : form.all())
    if (name != "client_secret" && name != "client_assertion" && name != "client_assertion_type") rest.add(name, value);
  return rest;
}

}  // namespace

Task<http::Response> PushedRequestEndpoint::handle(http::Request request) {
  const http::Site& site = *request.site;
  const auto form = http::Form::parse(request.body);
  std::optional<http::Response> unreadable;
  if (request.body.size() > kMaxBody)
    unreadable = refusal(site, 413, "the body is longer than 10 KiB");
  else if (!is_form(request))
    unreadable = refusal(site, 415, "the body must be application/x-www-form-urlencoded");
  else if (const auto name = http::find_repeated(request.body))
    unreadable = refusal(site, 400, "parameter given more than once: " + for_description(*name));
  else if (!form)
    unreadable = refusal(site, 400, "malformed form");
  if (unreadable) co_return co_await allow_known_origin(std::move(*unreadable), request, db_);

  const bool basic = tries_basic(request.headers);
  auto client = co_await clients_.authenticate(request, *form);
  if (!client) co_return co_await allow_known_origin(render_token_error(site, client.error(), basic), request, db_);
  // Whoever knows a public client's id could fill the table (PAR-3).
  if (client->is_public()) {
    http::Response response = render_token_error(
        site, {OAuthCode::invalid_client, "only clients that authenticate may push requests", {}}, basic);
    allow_client_origin(response, request, *client);
    co_return response;
  }
  const model::Client known = *client;
  auto pushed = co_await judge(site, std::move(*client), without_credentials(*form));
  http::Response response;
  if (pushed) {
    const PushedName name = draw_pushed_name(random_);
    const Instant now = clock_.now();
    const auto lifetime = known.pushed_request_lifetime;
    co_await db_.write([&](db::Transaction& tx) {
      insert_pushed_request(tx, site.tenant, name, known.id, site.base_url, *pushed, now, lifetime);
    });
    response = render_json(
        site, 201,
        boost::json::serialize(boost::json::object{{"request_uri", name.uri}, {"expires_in", lifetime.count()}}));
  } else {
    log::info("pushed_request_refused", {{"request_id", request.id},
                                         {"tenant", site.tenant.str()},
                                         {"client_id", known.id.str()},
                                         {"error", to_string(pushed.error().code)},
                                         {"description", pushed.error().description},
                                         {"detail", pushed.error().detail}});
    response = render_token_error(site, pushed.error(), basic);
    // RFC 9126 §2.3: what /authorize would tell the application is a bad request here, whatever its code.
    if (response.status == 403) response.status = 400;
  }
  allow_client_origin(response, request, known);
  co_return response;
}

Task<std::expected<PushedRequest, OAuthError>> PushedRequestEndpoint::judge(http::Site site, model::Client client,
                                                                            http::Form form) {
  if (form.has("request_uri")) co_return refuse("request_uri cannot be pushed");
  PushedRequest pushed{std::move(form), false};
  if (!pushed.form.has("client_id")) pushed.form.add("client_id", client.id.str());
  if (const std::string object = pushed.form.get("request"); !object.empty()) {
    auto inside = read_request_object(object, client, site, clock_.now());
    if (!inside) co_return std::unexpected(std::move(inside.error()));
    pushed = {std::move(*inside), true};
  }

  const AuthorizeFacts facts =
      co_await db_.read([&](db::Transaction& tx) { return find_authorize_facts(tx, site, pushed.form); });
  if (!facts.tenant.par_supported) co_return refuse("pushed authorization requests are not enabled");
  AuthorizeParameters parameters;
  parameters.form = pushed.form;
  parameters.pushed = true;
  parameters.was_signed = pushed.was_signed;
  const auto redirect = trust_redirect(parameters, facts.client);
  if (!redirect) co_return std::unexpected(redirect.error().error);
  std::optional<std::string> hinted;
  if (const std::string hint = pushed.form.get("id_token_hint"); !hint.empty()) {
    const auto keys = co_await keys_.get(site.tenant);
    hinted = read_id_token_hint(hint, *keys, site, client.id);
  }
  const AuthorizeContext context = facts.context(std::move(hinted));
  model::AuthorizationRequest checked = return_address(parameters, *facts.client, *redirect);
  if (auto error = check_authorize_request(parameters, context, *redirect, checked))
    co_return std::unexpected(std::move(*error));
  co_return pushed;
}

}  // namespace symbolon::oidc
