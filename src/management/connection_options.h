#pragma once

#include <boost/json.hpp>
#include <expected>
#include <optional>
#include <string>

#include "base/task.h"
#include "management/problem.h"
#include "management/services.h"
#include "model/connection.h"

namespace symbolon::management {

/// Whether logins can work, and what an administrator should know (login-runtime DB-15).
struct Health {
  model::ConnectionStatus status = model::ConnectionStatus::ok;
  std::string detail;
};

/// A connection's options in the form in which they are stored and acted on.
struct PreparedOptions {
  boost::json::object options;  ///< as shown, without client_secret, customHeaders and oidc_metadata
  boost::json::object oidc_metadata;
  bool metadata_pinned = false;
  Instant metadata_fetched_at{};  ///< when it was looked up, found or not; epoch: it was not
  model::UpstreamSettings settings;
  /// The secret that was sent; nullopt when none was mentioned, empty when it was taken away.
  std::optional<std::string> client_secret;
  /// The same for customHeaders.
  std::optional<boost::json::object> custom_headers;
  Health health;
};

/// Brings options that a caller sent into their stored form (management-api §2.6 N-1…N-12), looking the provider's
/// configuration up where they ask for it. Waits for the network and touches no database.
/// `has_stored_secret`: a secret is kept if the caller sends none.
Task<std::expected<PreparedOptions, Problem>> prepare_options(const Services& services, model::Strategy strategy,
                                                              boost::json::object sent, bool has_stored_secret);

/// The form in which these options would be stored, as far as that can be said without asking the provider: canonical
/// spellings, defaults, and what is refused whatever the provider says. Without
/// client_secret, customHeaders and oidc_metadata.
std::expected<boost::json::object, Problem> canonical_options(const Services& services, model::Strategy strategy,
                                                              boost::json::object sent);

/// Asks the provider for its configuration within the connection's own egress rules.
Task<upstream::Discovery> look_up_configuration(const Services& services, std::string source,
                                                model::UpstreamSettings settings);
/// The document of a successful lookup in the form in which it is stored (N-2).
boost::json::object read_found_document(const upstream::Discovery& found);
/// Why a lookup gave nothing to work with, as part of a sentence.
std::string why_unusable(const upstream::Discovery& found);
Health judge_health(const model::UpstreamSettings& settings, const boost::json::object& oidc_metadata);

/// Puts prepared options into a record; the secret and the headers are left to the caller.
void apply_options(model::Connection& connection, PreparedOptions prepared);

/// Whether a secret, of client or headers, that was stored for `before` may go on to be sent where `after` sends it (threats T12): same
/// endpoints, reached in the same way.
bool secret_stays_valid(const model::UpstreamSettings& before, const std::string& discovery_source_before,
                        const model::UpstreamSettings& after, const std::string& discovery_source_after);

}  // namespace symbolon::management
