#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "login/account_match.h"
#include "model/connection.h"
#include "model/user.h"
#include "pages/try_page.h"
#include "upstream/claims_mapping.h"
#include "upstream/relying_party.h"
#include "upstream/upstream_error.h"

namespace symbolon::login {

/// What came of a connection's test: either an identity with its profile, or an error (login-runtime DB-4, DB-5).
struct TryOutcome {
  std::string report_id;
  Instant finished_at{};
  std::string callback_url;
  ConnectionId connection_id;
  std::string connection_name;
  std::optional<model::Connection> connection;  ///< nullopt when it was deleted meanwhile
  std::string challenge_method;                 ///< PKCE; empty when none was used

  std::optional<upstream::ProvenIdentity> identity;
  std::optional<upstream::MappedProfile> profile;
  std::string user_id;       ///< of the account that exists, or that a login would make
  std::optional<pages::TryText> login_effect;  ///< what a login would do

  std::optional<upstream::UpstreamError> error;
  std::string reference;  ///< of the stored explanation of `error`
};

/// What a login of this identity would do to accounts, without doing it. `known` is the account that it belongs to,
/// `found` the one that auto-linking finds for somebody new.
pages::TryText describe_effect(const model::Connection& connection, const std::optional<model::User>& known,
                               const upstream::MappedProfile& mapped, const FoundAccount& found);

/// The report as the Management API shows it (schema ConnectionTryReport). Holds no token.
boost::json::object to_report(const TryOutcome& outcome);

/// The same for the page at which the test ends; what a provider said, and the explanation, are in English.
pages::TryPage to_page(const TryOutcome& outcome, std::string_view language);

}  // namespace symbolon::login
