#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::http {

using Handler = std::function<Task<Response>(Request)>;

/// Who may read an answer from another origin (login-runtime OP-20f).
enum class Cors {
  none,
  any_origin,      ///< public documents: discovery, keys
  client_origins,  ///< origins registered for a client
};

struct Route {
  Method method;
  std::string pattern;  ///< `/connections/{id}`; a part in braces matches one path part, percent-decoded once
  Handler handler;
  Cors cors = Cors::none;
};

/// Finds the handler of a request. Parts are split on '/' before decoding, so `%2F` stays inside its part.
class Router {
 public:
  /// Throws std::logic_error for a malformed pattern and for two routes that could not be told apart.
  explicit Router(std::vector<Route> routes);

  struct Match {
    const Route* route;
    std::map<std::string, std::string> parameters;
  };
  struct WrongMethod {
    std::vector<Method> allowed;
  };
  struct NotFound {};
  struct BadEscape {};
  using Result = std::variant<Match, WrongMethod, NotFound, BadEscape>;

  /// HEAD is answered by a GET route; a literal part wins over a part in braces, unless only the latter has the method.
  Result find(Method method, std::string_view path) const;

  const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  struct Node;
  std::vector<Route> routes_;
  std::shared_ptr<const Node> root_;
  std::size_t longest_ = 0;  ///< parts of the longest pattern; no longer path is looked at
};

}  // namespace symbolon::http
