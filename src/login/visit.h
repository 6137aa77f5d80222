#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/services.h"
#include "model/client.h"
#include "model/session.h"
#include "model/tenant.h"
#include "model/user.h"
#include "tickets/interaction.h"

namespace symbolon::login {

/// A browser on a page of ours, with the sign-in that the page is about.
struct Visit {
  model::Tenant tenant;
  model::Client client;
  tickets::Interaction page;
  /// The browser's live session and its person, if they are those that the page is about; only for pages about a person.
  std::optional<model::Session> session;
  std::optional<model::User> user;
};

/// Opens the sign-in that `state` names; or the answer when there is none in this browser, it waits at another page than
/// `step`, or its person is not signed in any more (HR-8, E11).
Task<std::variant<Visit, http::Response>> open_visit(const Services& services, http::Request http, std::string state,
                                                     tickets::InteractionStep step);

/// How a person is called on a page.
const std::string& account_name(const model::User& user);

}  // namespace symbolon::login
