#pragma once

#include <boost/json.hpp>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/rate_limit.h"
#include "base/task.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "management/access.h"
#include "management/contract.h"
#include "management/problem.h"

namespace symbolon::management {

/// A call that has passed every check that the contract can express.
struct Call {
  http::Request http;
  TenantId tenant;
  Caller caller;
  http::Form query;
  boost::json::value body;  ///< null when there was none

  std::string path(std::string_view name) const;
  const boost::json::object& object() const { return body.get_object(); }
};

using Answer = std::expected<http::Response, Problem>;
using Operation = std::function<Task<Answer>(Call)>;

/// Calls of one tenant, and of one of its clients (management-api R-3). Twice a second's calls may come at once.
struct ApiRates {
  RateLimit::Rates tenant{.per_second = 10000, .burst = 20000};
  RateLimit::Rates client{.per_second = 10000, .burst = 20000};
};

/// The frame of every /api/v2 operation: checks in the order of management-api §1.4, rate-limit headers, one envelope
/// for refusals. Handlers decide nothing of that.
class Api {
 public:
  Api(const Contract& contract, TokenVerifier& verifier, const Clock& clock, const ApiRates& rates = {})
      : contract_(contract),
        verifier_(verifier),
        clock_(clock),
        tenant_limit_(rates.tenant),
        client_limit_(rates.client) {}

  /// Registers the handler of one operationId. Before routes().
  void on(const std::string& operation_id, Operation operation);

  /// Called with a request that a limit refused: the first in a minute of each client, so that whoever asks too much
  /// does not fill the log. Before routes().
  void on_limit(std::function<Task<void>(http::Request, Caller)> record) { record_limit_ = std::move(record); }

  /// One route for each operation of the contract. Throws std::logic_error when one has no handler, or a handler no
  /// operation.
  std::vector<http::Route> routes();

  /// Runs one operation for a caller who needs no token, such as a command of the operator: every check but those of
  /// authentication and rate. `request` carries the parameters of the path.
  Task<http::Response> call(std::string operation_id, http::Request request, Caller caller);

  /// The answer to a call that no operation takes, with the rate-limit headers of whoever the token names
  /// (management-api R-1). It counts like any other call; the address is wrong whether or not a limit is reached.
  Task<http::Response> count(http::Request request, http::Response response);

 private:
  Task<http::Response> handle(const ContractOperation& operation, http::Request request);
  RateVerdict take_from_limits(const TenantId& tenant, const Caller& caller);
  Task<void> record_limit(http::Request request, Caller caller);
  Task<Answer> run(const ContractOperation& operation, http::Request request, RateVerdict& verdict);
  Task<Answer> perform(const ContractOperation& operation, http::Request request, Caller caller);

  const Contract& contract_;
  TokenVerifier& verifier_;
  const Clock& clock_;
  RateLimit tenant_limit_, client_limit_;
  RateLimit recorded_limits_{{.per_second = 1.0 / 60, .burst = 1}};
  std::function<Task<void>(http::Request, Caller)> record_limit_;
  std::map<std::string, Operation> handlers_;
};

/// 200 (or `status`) with a JSON body.
http::Response json_answer(int status, const boost::json::value& body);
/// The same with a body that is JSON text already.
http::Response text_answer(int status, std::string json);

}  // namespace symbolon::management
