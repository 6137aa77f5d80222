#pragma once

#include <expected>
#include <optional>
#include <variant>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
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
struct AlreadyUsed {};  ///< the state, or a front-channel token, was used before: nothing was written

/// The end of a login, in one commit (design §2 rule 1): burns the state, asks admission, writes user, session, grant,
/// code and event. Nothing of it happens unless all of it happens.
class Finish {
 public:
  explicit Finish(const Services& services) : services_(services) {}

  Task<std::variant<Finished, AlreadyUsed, upstream::UpstreamError>> run(http::Request http, model::Tenant tenant,
                                                                         model::Client client,
                                                                         tickets::LoginTicket ticket,
                                                                         upstream::ProvenIdentity identity);

 private:
  const Services& services_;
};

}  // namespace symbolon::login
