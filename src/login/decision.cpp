#include "login/decision.h"

namespace symbolon::login {
namespace {

bool session_answers(const model::AuthorizationRequest& request, const Standing& standing, Instant now) {
  if (!standing.session || !standing.admitted) return false;
  if (!standing.asked.empty() && standing.asked != standing.session->connection) return false;
  if (!request.may_be(standing.session->user) || !request.accepts_acr(standing.session->acr)) return false;
  if (request.has_prompt("login")) return false;
  // max_age=0 asks for a fresh authentication whatever the clock's resolution (AZ-13).
  if (request.max_age && request.max_age->count() == 0) return false;
  return !is_too_old(request, standing.session->authenticated_at, now);
}

}  // namespace

bool is_too_old(const model::AuthorizationRequest& request, Instant proved_at, Instant now) {
  return request.max_age && request.max_age->count() > 0 && now > proved_at + *request.max_age;
}

Decision decide(const model::AuthorizationRequest& request, const Standing& standing, Instant now) {
  const bool silent = request.has_prompt("none");
  if (!session_answers(request, standing, now)) return silent ? Decision::login_required : Decision::authenticate;
  if (request.has_prompt("select_account")) return Decision::choose_account;
  if (!standing.consent_is_open) return Decision::issue;
  return silent ? Decision::consent_required : Decision::ask_consent;
}

}  // namespace symbolon::login
