#include "login/sign_in_answer.h"

#include <stdexcept>

#include "login/browser_session.h"
#include "login/ended.h"
#include "login/interactions.h"

namespace symbolon::login {
namespace {

http::Response redirect(const EndedSignIn& ended, const std::string& url) {
  return ended.posted ? http::redirect_after_post(url) : http::redirect_after_get(url);
}

// The answer to the application waits for the person's; the session is open already.
http::Response ask_consent(const Services& services, const http::Request& http, const EndedSignIn& ended,
                           AwaitingConsent waiting) {
  const Instant now = services.clock.now();
  tickets::Interaction page =
      interactions::begin(http, ended.request, tickets::InteractionStep::consent, services.random, now);
  page.session = waiting.session.id;
  page.user = waiting.session.user;
  page.login_claims = std::move(waiting.login_claims);
  http::Response response = redirect(ended, http.site->url(interactions::page_url("/u/consent", page.id)));
  if (!interactions::keep(response, http, services.box, page, now)) {
    // Attributes of this login can be too many for a cookie; what the application asks for came through one before.
    page.login_claims.clear();
    if (!interactions::keep(response, http, services.box, page, now))
      return sign_in_ended(services, http, ended.tenant, &ended.client);
  }
  set_session_cookie(response, http, waiting.session, std::move(waiting.session_cookie), now);
  return response;
}

http::Response ask_person(const Services& services, const http::Request& http, const EndedSignIn& ended,
                          const AwaitingContact& waiting) {
  http::Response response =
      redirect(ended, http.site->url(interactions::page_url("/u/first-contact", waiting.key.id)));
  contact_cookies::keep(response, http, waiting.key, services.clock.now());
  return response;
}

}  // namespace

Task<http::Response> answer_sign_in(const Services& services, http::Request http, EndedSignIn ended,
                                    Finish::Outcome outcome) {
  if (std::holds_alternative<AlreadyUsed>(outcome)) co_return sign_in_ended(services, http, ended.tenant, &ended.client);
  const std::string page = ended.page;
  http::Response response;
  if (auto* waiting = std::get_if<AwaitingConsent>(&outcome)) {
    response = ask_consent(services, http, ended, std::move(*waiting));
  } else if (auto* contact = std::get_if<AwaitingContact>(&outcome)) {
    response = ask_person(services, http, ended, *contact);
  } else if (auto* done = std::get_if<Finished>(&outcome)) {
    const Instant now = services.clock.now();
    const model::Session session = done->issued.who.session;
    response = co_await services.responder.respond(http, std::move(ended.client), std::move(ended.request),
                                                   std::move(done->issued), ended.posted);
    set_session_cookie(response, http, session, std::move(done->session_cookie), now);
  } else {
    throw std::logic_error("a refused sign-in is answered elsewhere");
  }
  if (!page.empty()) interactions::forget(response, http, page);
  co_return response;
}

}  // namespace symbolon::login
