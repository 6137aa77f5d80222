#include "management/etag.h"

#include "base/text.h"

namespace symbolon::management {
namespace {

std::string etag(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

}  // namespace

void set_etag(http::Response& response, std::int64_t version) { response.headers.set("ETag", etag(version)); }

std::expected<void, Problem> check_if_match(const Call& call, std::int64_t version) {
  const std::string_view header = trim(call.http.headers.get("If-Match"));
  if (header.empty() || header == "*") return {};
  for (const std::string& candidate : split_words(header, ", "))
    if (candidate == etag(version)) return {};
  return std::unexpected(changed_meanwhile());
}

}  // namespace symbolon::management
