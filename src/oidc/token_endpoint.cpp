#include "oidc/token_endpoint.h"

#include <boost/json.hpp>

#include "base/log.h"
#include "oidc/client_form.h"
#include "oidc/cors.h"
#include "oidc/oauth_error.h"
#include "oidc/token_response.h"
#include "store/log_store.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;
using Outcome = std::expected<TokenSet, OAuthError>;

// One line for each request. A stranger's refusal is a line and no row, so that nobody can fill the database.
void log_outcome(const http::Request& request, const http::Form& form, const OAuthError* error) {
  const std::string grant_type = for_description(form.get("grant_type"));
  const std::string client_id = for_description(form.get("client_id"));
  if (!error) {
    log::debug("token_issued", {{"request_id", request.id},
                                {"tenant", request.site->tenant.str()},
                                {"client_id", client_id},
                                {"grant_type", grant_type}});
    return;
  }
  log::info("token_refused", {{"request_id", request.id},
                              {"tenant", request.site->tenant.str()},
                              {"client_id", client_id},
                              {"grant_type", grant_type},
                              {"error", to_string(error->code)},
                              {"description", error->description},
                              {"detail", error->detail}});
}

bool is_known_grant(std::string_view grant_type) {
  return grant_type == "authorization_code" || grant_type == "refresh_token" || grant_type == "client_credentials";
}

// The type of a refusal in the tenant's log (login-runtime §11); empty where it has none.
std::string_view refusal_type(std::string_view grant_type) {
  if (grant_type == "authorization_code") return "feacft";
  if (grant_type == "refresh_token") return "fertft";
  if (grant_type == "client_credentials") return "feccft";
  return {};
}

}  // namespace

Task<http::Response> TokenEndpoint::handle(http::Request request) {
  const http::Site& site = *request.site;
  auto form = read_client_form(request);
  if (!form) co_return co_await allow_known_origin(render(site, form.error()), request, db_);

  const bool basic = tries_basic(request.headers);
  auto client = co_await clients_.authenticate(request, *form);
  if (!client) {
    log_outcome(request, *form, &client.error());
    co_return co_await allow_known_origin(render_token_error(site, client.error(), basic), request, db_);
  }
  const Outcome outcome = co_await grant(Caller::of(request), *client, *form);
  log_outcome(request, *form, outcome ? nullptr : &outcome.error());
  if (!outcome) co_await remember_refusal(Caller::of(request), *client, form->get("grant_type"), outcome.error());
  http::Response response = outcome ? render_tokens(site, *outcome) : render_token_error(site, outcome.error(), basic);
  allow_client_origin(response, request, *client);
  co_return response;
}

Task<void> TokenEndpoint::remember_refusal(Caller caller, model::Client client, std::string grant_type,
                                           OAuthError error) {
  const std::string_view type = refusal_type(grant_type);
  // A public client's id is known to everybody; whoever holds a secret or a key answers for what is written here.
  if (type.empty() || client.is_public()) co_return;
  model::LogEvent event = caller.event(std::string(type), clock_.now());
  event.description = error.description;
  event.client = client.id;
  event.client_name = client.name;
  event.details = boost::json::serialize(boost::json::object{
      {"error", {{"oauthError", to_string(error.code)}, {"message", error.detail}}}});
  co_await db_.write([&](db::Transaction& tx) { store::LogStore(tx, caller.site->tenant).insert(event); });
}

Task<Outcome> TokenEndpoint::grant(Caller caller, model::Client client, http::Form form) {
  const std::string grant_type = form.get("grant_type");
  if (grant_type.empty())
    co_return std::unexpected(OAuthError{OAuthCode::invalid_request, "grant_type is missing", {}});
  if (!is_known_grant(grant_type))
    co_return std::unexpected(
        OAuthError{OAuthCode::unsupported_grant_type, "Unsupported grant type: " + for_description(grant_type), {}});
  if (!client.allows_grant(grant_type))
    co_return std::unexpected(
        OAuthError{OAuthCode::unauthorized_client, "Grant type '" + grant_type + "' not allowed for the client.", {}});
  if (grant_type == "authorization_code")
    co_return co_await code_grant_.redeem(std::move(caller), std::move(client), CodeRedemption::from(form));
  if (grant_type == "refresh_token")
    co_return co_await refresh_grant_.refresh(std::move(caller), std::move(client), RefreshRequest::from(form));
  co_return co_await client_credentials_grant_.issue(std::move(caller), std::move(client),
                                                     ClientCredentialsRequest::from(form));
}

}  // namespace symbolon::oidc
