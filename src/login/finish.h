#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/first_meeting.h"
#include "login/services.h"
#include "model/client.h"
#include "model/tenant.h"
#include "tickets/login_ticket.h"
#include "upstream/claims_mapping.h"

namespace symbolon::login {

/// What the finishing unit of work found.
struct Finished {
  IssuedAuthorization issued;
  std::string session_cookie;  ///< in clear, for the browser
};
/// The person is signed in, but has to allow what the application asks for before it gets anything.
struct AwaitingConsent {
  model::Session session;
  std::string login_claims;    ///< attributes of this login only (RP-73)
  std::string session_cookie;  ///< in clear, for the browser
};
/// A provider has proved somebody new, who has to say what should happen. Nothing but the question was written.
struct AwaitingContact {
  ContactKey key;
};
struct AlreadyUsed {};  ///< the state, or a front-channel token, was used before: nothing was written
/// The sign-in ended in a refusal; only the spent state was written.
struct RefusedSignIn {
  RefusedSignIn(upstream::UpstreamError why) : error(std::move(why)) {}

  upstream::UpstreamError error;
  UserId user;  ///< whose account it was about; empty while nobody is known
  std::string user_name;
};

/// What the person answered on the first-contact page.
struct ContactAnswer {
  model::TicketHash pending;
  /// A new account, with these details instead of the provider's.
  struct NewAccount {
    bool edited = false;
    std::string given_name, family_name, nickname, email;
  };
  /// The account of which another provider has just proved the person.
  struct ProvedAccount {
    ConnectionId connection;
    std::string subject;
    tickets::LoginTicket trip;  ///< its state is burnt
  };
  std::variant<NewAccount, ProvedAccount> choice;
};

/// The end of a login, in one commit (design §2 rule 1): burns the state, asks admission, writes user, session, grant,
/// code and event. Nothing of it happens unless all of it happens.
class Finish {
 public:
  explicit Finish(const Services& services) : services_(services) {}

  using Outcome = std::variant<Finished, AwaitingConsent, AwaitingContact, AlreadyUsed, RefusedSignIn>;
  Task<Outcome> run(http::Request http, model::Tenant tenant, model::Client client, tickets::LoginTicket ticket,
                    upstream::ProvenIdentity identity);

  /// The end of a sign-in that waited for the person's answer; the waiting one is taken, so that it ends once.
  Task<Outcome> resume(http::Request http, model::Tenant tenant, model::Client client, ContactAnswer answer);

 private:
  const Services& services_;
};

}  // namespace symbolon::login
