#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "http/headers.h"
#include "http/site.h"

namespace symbolon::http {

enum class Method { get, head, post, put, patch, del, options, other };

std::string_view to_string(Method method);
Method parse_method(std::string_view name);

/// One request, read completely. Plain data: handlers take it by value.
struct Request {
  Method method = Method::get;
  std::string path;   ///< raw, percent-encoded, without the query; always starts with '/'
  std::string query;  ///< raw, without '?'; empty when absent
  Headers headers;
  std::string body;
  std::string client_address;  ///< the peer's IP, or what a trusted proxy says (design §2 rule 8)
  std::string id;              ///< correlation id, sent back as X-Request-Id

  std::shared_ptr<const Site> site;               ///< set by the dispatcher before any handler runs
  std::map<std::string, std::string> parameters;  ///< `{name}` parts of the route's path, percent-decoded once
};

}  // namespace symbolon::http
