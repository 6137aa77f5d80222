#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/installation.h"
#include "base/task.h"
#include "http/site.h"
#include "management/api.h"
#include "management/clients.h"
#include "management/connections.h"
#include "management/contract.h"
#include "management/services.h"
#include "management/tenant_settings.h"
#include "net/curl_client.h"
#include "net/worker_pool.h"
#include "upstream/discovery.h"

namespace symbolon::app {

/// What a command asks of the Management API.
struct LocalCall {
  std::string operation;  ///< operationId of the contract
  std::string id;         ///< `{id}` of the path, if it has one
  std::string query;
  boost::json::value body;
  std::string if_match;
};

struct LocalReply {
  int status = 0;
  boost::json::value body;
  std::string etag;

  bool is_good() const { return status < 300; }
  /// Why it was refused.
  std::string message() const;
};

/// The Management API inside a command, over the same database as a server that may be running: the same checks, ETags
/// and log entries, without a token. Clients, connections and tenant settings only.
class LocalApi {
 public:
  LocalApi(Installation& installation, const Config& config, http::Site site);

  Task<LocalReply> call(LocalCall call);
  /// Why the operation would refuse this body for its form, before anything is asked or changed.
  std::optional<std::string> find_mistake(std::string_view operation, const boost::json::object& body) const;
  /// Every item of a list that is read by cursor; throws std::runtime_error when it is refused.
  Task<boost::json::array> list(std::string operation, std::string plural);

  const management::Services& services() const { return services_; }

 private:
  const http::Site site_;
  net::WorkerPool workers_;
  net::CurlClient outbound_;
  upstream::Discoverer discoverer_;
  management::Services services_;
  management::Contract contract_;
  std::unique_ptr<management::TokenVerifier> nobody_;
  management::Api api_;
  management::Clients clients_;
  management::Connections connections_;
  management::TenantSettings settings_;
};

/// The canonical host of `tenant`; throws std::runtime_error when there is none yet.
Task<http::Site> canonical_site(db::Database& db, TenantId tenant);

}  // namespace symbolon::app
