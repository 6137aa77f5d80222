#include "login/consent_endpoint.h"

#include "http/form.h"
#include "login/consent.h"
#include "login/form_guard.h"
#include "login/interactions.h"
#include "login/page_frame.h"
#include "pages/consent_page.h"
#include "pages/error_page.h"
#include "tickets/page_token.h"

namespace symbolon::login {
namespace {

using tickets::InteractionStep;

constexpr std::string_view kConsentForm = "consent";

std::string bound_to(const Visit& visit) { return visit.page.id + "|" + visit.page.user.str(); }

}  // namespace

Task<http::Response> ConsentEndpoint::show(http::Request http) {
  const std::string state = http::Form::parse(http.query).value_or(http::Form()).get("state");
  auto opened = co_await open_visit(services_, http, state, InteractionStep::consent);
  if (auto* ended = std::get_if<http::Response>(&opened)) co_return std::move(*ended);
  co_return co_await render(std::move(http), std::move(std::get<Visit>(opened)));
}

Task<http::Response> ConsentEndpoint::render(http::Request http, Visit visit) {
  const ConsentQuestion question = co_await services_.db.read([&](db::Transaction& tx) {
    return find_consent_question(tx, visit.tenant.id, visit.client, visit.page.request, visit.user->id);
  });
  pages::ConsentPage page;
  page.client_name = visit.client.name;
  page.client_logo = visit.client.logo_uri;
  page.account = account_name(*visit.user);
  page.scopes = question.scopes;
  page.api_name = question.api_name;
  page.api_scopes = question.describe ? question.api_descriptions : pages::group_scopes(question.api_scopes);
  page.state = visit.page.id;
  page.token =
      tickets::seal_form_token(services_.box, visit.tenant.id, kConsentForm, bound_to(visit), services_.clock.now());
  page.form_targets = form_targets_of(visit.page.request.redirect_uri);
  co_return pages::render(frame_for(visit.tenant, http, visit.page.request.ui_locales), page);
}

Task<http::Response> ConsentEndpoint::take(http::Request http) {
  const http::Form form = http::Form::parse(http.body).value_or(http::Form());
  auto opened = co_await open_visit(services_, http, form.get("state"), InteractionStep::consent);
  if (auto* ended = std::get_if<http::Response>(&opened)) co_return std::move(*ended);
  Visit visit = std::move(std::get<Visit>(opened));
  const std::string decision = form.get("decision");
  const bool ours =
      is_our_form(http, services_.box, kConsentForm, bound_to(visit), form.get("token"), services_.clock.now());
  if (!ours || (decision != "accept" && decision != "decline")) {
    http::Response again = co_await render(std::move(http), std::move(visit));
    again.status = ours ? 400 : 403;
    co_return again;
  }
  if (decision == "accept") co_return co_await flow_.accept_consent(std::move(http), std::move(visit));
  co_return co_await decline(std::move(http), std::move(visit));
}

// E10. An application that anybody may register must not use us to send people to its pages without their consent.
Task<http::Response> ConsentEndpoint::decline(http::Request http, Visit visit) {
  const std::string page_id = visit.page.id;
  http::Response response;
  if (!visit.client.first_party && visit.client.open_redirect_protection) {
    const pages::Frame frame = frame_for(visit.tenant, http, visit.page.request.ui_locales);
    pages::ErrorPage page;
    page.status = 200;
    page.title = pages::Text::declined_title;
    page.error = "access_denied";
    page.description = pages::text(frame.language, pages::Text::declined_body);
    page.client_id = visit.client.id.str();
    response = pages::render(frame, page);
  } else {
    model::OAuthError declined{model::OAuthCode::access_denied, "User did not authorize the request", {}};
    response = co_await services_.responder.refuse(http, std::move(visit.client), std::move(visit.page.request),
                                                   std::move(declined), {}, true);
  }
  interactions::forget(response, http, page_id);
  co_return response;
}

}  // namespace symbolon::login
