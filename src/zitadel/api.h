#pragma once

#include <boost/json.hpp>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "http/router.h"
#include "zitadel/authentication.h"
#include "zitadel/error.h"

namespace symbolon::zitadel {

/// Where a call acts: on the instance (/admin/v1), or on one organisation (/management/v1).
enum class Level { instance, organisation };

/// An error id of the instance (`INST-D3r1s`) as organisations spell it: `ORG-D3r1s`.
std::string id_at(Level level, std::string_view instance_id);

/// A call that may be made by who makes it.
struct Call {
  http::Request http;
  TenantId tenant;
  Caller caller;
  Level level = Level::instance;
  model::OrganisationId owner;  ///< empty at instance level
  boost::json::object body;
  Instant now{};

  std::string path(std::string_view name) const;
  /// The id that answers name as owner of what this call makes.
  const std::string& resource_owner() const { return owner.empty() ? caller.instance.id : owner.str(); }
};

using Answer = std::expected<boost::json::object, Error>;
using Handler = std::function<Task<Answer>(Call)>;

/// The frame of /admin/v1 and /management/v1: the checks of zitadel-idps §5.4 in their order, then the handler. Every
/// operation names the permission that it needs; one without cannot be registered, and is never open by mistake.
class Api {
 public:
  Api(db::Database& db, Authentication& authentication, const Clock& clock)
      : db_(db), authentication_(authentication), clock_(clock) {}

  /// `pattern` begins with the base path, which decides the level. Throws std::logic_error for an empty permission.
  void on(http::Method method, std::string pattern, std::string permission, Handler handler);

  std::vector<http::Route> routes();

 private:
  struct Operation {
    http::Method method;
    std::string pattern, permission;
    Level level;
    Handler handler;
  };

  Task<http::Response> handle(const Operation& operation, http::Request request);
  Task<Answer> run(const Operation& operation, http::Request request);

  db::Database& db_;
  Authentication& authentication_;
  const Clock& clock_;
  std::vector<Operation> operations_;
};

}  // namespace symbolon::zitadel
