#include "upstream/attribute_names.h"

#include <algorithm>
#include <array>

namespace symbolon::upstream {
namespace {

// clang-format off
constexpr auto kRestricted = std::to_array<std::string_view>({
    "acr", "act", "active", "amr", "app_metadata", "at_hash", "ath", "attest", "aud", "auth_time",
    "authorization_details", "azp", "blocked", "c_hash", "client_id", "cnf", "created_at", "cty", "dest",
    "entitlements", "events", "exp", "groups", "gty", "htm", "htu", "iat", "identities", "internalService",
    "iss", "jcard", "jku", "jti", "jwe", "jwk", "kid", "last_login", "logins_count", "may_act", "mky",
    "multifactor", "nbf", "nonce", "object_id", "org_id", "org_name", "orig", "origid", "permissions", "roles",
    "rph", "s_hash", "sid", "sub", "sub_jwk", "toe", "txn", "typ", "user_id", "user_metadata", "uuid", "vot",
    "vtm", "x5t#S256"});
// clang-format on
static_assert(std::ranges::is_sorted(kRestricted));

constexpr auto kProtocol =
    std::to_array<std::string_view>({"iss", "aud", "exp", "iat", "nbf", "nonce", "at_hash", "c_hash", "s_hash", "azp",
                                     "auth_time", "jti", "sid", "typ"});

constexpr auto kBasicProfile = std::to_array<std::string_view>(
    {"sub", "email", "email_verified", "name", "given_name", "family_name", "nickname", "preferred_username", "picture",
     "locale", "zoneinfo", "phone_number", "phone_number_verified", "updated_at"});

constexpr auto kRoot = std::to_array<std::string_view>({"name", "nickname", "given_name", "family_name", "picture"});

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool is_restricted_attribute(std::string_view name) {
  return std::ranges::binary_search(kRestricted, name) || name.starts_with("sip_");
}

bool is_protocol_claim(std::string_view name) { return has(kProtocol, name); }
bool is_basic_profile_claim(std::string_view name) { return has(kBasicProfile, name); }
bool is_root_attribute(std::string_view name) { return has(kRoot, name); }

}  // namespace symbolon::upstream
