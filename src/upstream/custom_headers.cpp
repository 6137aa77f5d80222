#include "upstream/custom_headers.h"

#include <boost/json.hpp>

namespace symbolon::upstream {
namespace {

namespace json = boost::json;

constexpr std::string_view kPurpose = "connection-headers";

std::string associated(const model::Connection& connection) {
  return connection.tenant.str() + "|" + connection.id.str();
}

}  // namespace

json::object open_custom_headers(const model::Connection& connection, const crypto::SecretBox& box) {
  if (connection.custom_headers.empty()) return {};
  const auto text = box.open(kPurpose, associated(connection), connection.custom_headers.bytes);
  if (!text) return {};
  return std::move(json::parse(*text).as_object());
}

void set_custom_headers(model::Connection& connection, const json::object& headers, const crypto::SecretBox& box) {
  connection.custom_headers.bytes =
      headers.empty() ? std::string() : box.seal(kPurpose, associated(connection), json::serialize(headers));
}

}  // namespace symbolon::upstream
