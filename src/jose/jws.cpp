#include "jose/jws.h"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "base/encoding.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/read.h"

namespace symbolon::jose {
namespace {

constexpr json::Limits kLimits{.bytes = kMaxCompactBytes};

std::string_view without_application(std::string_view type) {
  constexpr std::string_view kPrefix = "application/";
  return equals_ignoring_case(type.substr(0, kPrefix.size()), kPrefix) ? type.substr(kPrefix.size()) : type;
}

}  // namespace

std::string_view to_string(JoseError error) {
  switch (error) {
    case JoseError::too_long:
      return "token longer than 64 KiB";
    case JoseError::not_compact:
      return "not a token in compact form";
    case JoseError::encrypted:
      return "encrypted tokens are not supported";
    case JoseError::base64url:
      return "a part of the token is not base64url";
    case JoseError::header:
      return "malformed token header";
    case JoseError::critical_header:
      return "token header has crit";
    case JoseError::missing_algorithm:
      return "token header has no alg";
    case JoseError::unknown_algorithm:
      return "unknown signature algorithm";
    case JoseError::forbidden_algorithm:
      return "signature algorithm not allowed here";
    case JoseError::unknown_key:
      return "no key for this kid and algorithm";
    case JoseError::signature:
      return "signature does not hold";
    case JoseError::payload:
      return "payload is not a JSON object with unique members";
  }
  throw std::logic_error("JoseError outside its enumerators");
}

std::expected<Jws, JoseError> Jws::parse(std::string compact) {
  if (compact.size() > kMaxCompactBytes) return std::unexpected(JoseError::too_long);
  const auto dots = std::ranges::count(compact, '.');
  if (dots == 4) return std::unexpected(JoseError::encrypted);
  if (dots != 2) return std::unexpected(JoseError::not_compact);

  Jws jws;
  jws.compact_ = std::move(compact);
  jws.header_dot_ = jws.compact_.find('.');
  jws.signature_dot_ = jws.compact_.rfind('.');
  auto signature = base64url_decode(std::string_view(jws.compact_).substr(jws.signature_dot_ + 1));
  if (!signature) return std::unexpected(JoseError::base64url);
  jws.signature_ = std::move(*signature);
  if (const auto read = jws.read_header(); !read) return std::unexpected(read.error());
  return jws;
}

std::expected<void, JoseError> Jws::read_header() {
  const auto text = base64url_decode(std::string_view(compact_).substr(0, header_dot_));
  if (!text) return std::unexpected(JoseError::base64url);
  const auto header = json::parse_object(*text, kLimits);
  if (!header) return std::unexpected(JoseError::header);
  if (json::has(*header, "crit")) return std::unexpected(JoseError::critical_header);

  auto algorithm = json::read_string(*header, "alg");
  auto key_id = json::read_string(*header, "kid");
  auto type = json::read_string(*header, "typ");
  if (!algorithm || !key_id || !type) return std::unexpected(JoseError::header);
  if (!*algorithm) return std::unexpected(JoseError::missing_algorithm);
  const auto known = crypto::parse_signature_algorithm(**algorithm);
  if (!known) return std::unexpected(JoseError::unknown_algorithm);

  algorithm_ = *known;
  key_id_ = std::move(*key_id);
  type_ = std::move(*type);
  return {};
}

bool Jws::has_type(std::string_view wanted) const {
  return type_ && equals_ignoring_case(without_application(*type_), without_application(wanted));
}

std::string Jws::header_json() const { return *base64url_decode(std::string_view(compact_).substr(0, header_dot_)); }

std::expected<boost::json::object, JoseError> Jws::payload() const {
  const auto text =
      base64url_decode(std::string_view(compact_).substr(header_dot_ + 1, signature_dot_ - header_dot_ - 1));
  if (!text) return std::unexpected(JoseError::base64url);
  auto claims = json::parse_object(*text, kLimits);
  if (!claims) return std::unexpected(JoseError::payload);
  return std::move(*claims);
}

}  // namespace symbolon::jose
