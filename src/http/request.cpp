#include "http/request.h"

#include <stdexcept>

namespace symbolon::http {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "OTHER";
  }
  throw std::logic_error("Method outside its enumerators");
}

Method parse_method(std::string_view name) {
  static constexpr Method kKnown[] = {Method::get,   Method::post, Method::head,   Method::put,
                                      Method::patch, Method::del,  Method::options};
  for (const Method method : kKnown)
    if (to_string(method) == name) return method;
  return Method::other;
}

}  // namespace symbolon::http
