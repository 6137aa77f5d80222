#include "login/decision.h"

#include <gtest/gtest.h>

namespace symbolon::login {
namespace {

using namespace std::chrono_literals;
using model::AuthorizationRequest;

constexpr Instant kNow{std::chrono::milliseconds(1'800'000'000'000)};

struct Row {
  const char* name;
  void (*spoil)(AuthorizationRequest&, model::Session&, Standing&);
  Decision with_page, silent;  ///< without prompt, and with prompt=none
};

const Row kRows[] = {
    {"a session that fits", [](auto&, auto&, auto&) {}, Decision::issue, Decision::issue},
    {"no session", [](auto&, auto&, Standing& s) { s.session = nullptr; }, Decision::authenticate,
     Decision::login_required},
    {"a session whose user may not enter", [](auto&, auto&, Standing& s) { s.admitted = false; },
     Decision::authenticate, Decision::login_required},
    {"the session's own connection is asked for",
     [](auto&, auto&, Standing& s) { s.asked = ConnectionId("con_a"); }, Decision::issue, Decision::issue},
    {"another connection is asked for", [](auto&, auto&, Standing& s) { s.asked = ConnectionId("con_b"); },
     Decision::authenticate, Decision::login_required},
    {"id_token_hint of the same user", [](AuthorizationRequest& r, auto&, auto&) { r.subjects = {"oidc|a|1"}; },
     Decision::issue, Decision::issue},
    {"id_token_hint of another user", [](AuthorizationRequest& r, auto&, auto&) { r.subjects = {"oidc|a|2"}; },
     Decision::authenticate, Decision::login_required},
    {"one of several users",
     [](AuthorizationRequest& r, auto&, auto&) { r.subjects = {"oidc|a|2", "oidc|a|1"}; }, Decision::issue,
     Decision::issue},
    {"a required acr that the session reached",
     [](AuthorizationRequest& r, model::Session& s, auto&) {
       r.required_acr = {"silver", "gold"};
       s.acr = "gold";
     },
     Decision::issue, Decision::issue},
    {"a required acr that the session lacks",
     [](AuthorizationRequest& r, model::Session& s, auto&) {
       r.required_acr = {"gold"};
       s.acr = "silver";
     },
     Decision::authenticate, Decision::login_required},
    {"a required acr and a session without any",
     [](AuthorizationRequest& r, auto&, auto&) { r.required_acr = {"gold"}; }, Decision::authenticate,
     Decision::login_required},
    {"max_age not reached", [](AuthorizationRequest& r, auto&, auto&) { r.max_age = 60s; }, Decision::issue,
     Decision::issue},
    {"max_age exceeded", [](AuthorizationRequest& r, auto&, auto&) { r.max_age = 59s; }, Decision::authenticate,
     Decision::login_required},
    {"max_age=0 a moment after signing in",
     [](AuthorizationRequest& r, model::Session& s, auto&) {
       r.max_age = 0s;
       s.authenticated_at = kNow;
     },
     Decision::authenticate, Decision::login_required},
    {"consent is open", [](auto&, auto&, Standing& s) { s.consent_is_open = true; }, Decision::ask_consent,
     Decision::consent_required},
    {"consent is open for a person who has to authenticate first",
     [](auto&, auto&, Standing& s) {
       s.consent_is_open = true;
       s.admitted = false;
     },
     Decision::authenticate, Decision::login_required},
};

TEST(Decide, FollowsTheTable) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    AuthorizationRequest request;
    model::Session session;
    session.user = UserId("oidc|a|1");
    session.connection = ConnectionId("con_a");
    session.authenticated_at = kNow - 60s;
    Standing standing{&session, true, {}};
    row.spoil(request, session, standing);
    EXPECT_EQ(decide(request, standing, kNow), row.with_page);
    request.prompt = {"none"};
    EXPECT_EQ(decide(request, standing, kNow), row.silent);
  }
}

TEST(Decide, PromptLoginAndSelectAccountAskAgain) {
  model::Session session;
  session.authenticated_at = kNow;
  const auto with = [&](std::vector<std::string> prompt, const model::Session* signed_in) {
    AuthorizationRequest request;
    request.prompt = std::move(prompt);
    return decide(request, {signed_in, signed_in != nullptr, {}}, kNow);
  };
  EXPECT_EQ(with({"login"}, &session), Decision::authenticate);
  EXPECT_EQ(with({"select_account"}, &session), Decision::choose_account);
  EXPECT_EQ(with({"select_account"}, nullptr), Decision::authenticate);
  EXPECT_EQ(with({"select_account", "login"}, &session), Decision::authenticate);
}

}  // namespace
}  // namespace symbolon::login
