#include "oidc/user_claims.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.h"
#include "json/parse.h"
#include "json/read.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

struct ScopedClaim {
  std::string_view scope, claim;
};

// Claims that are plain text. The scopes that are named after one claim are Auth0's.
constexpr std::array kTexts{
    ScopedClaim{"profile", "name"},
    ScopedClaim{"profile", "nickname"},
    ScopedClaim{"profile", "given_name"},
    ScopedClaim{"profile", "family_name"},
    ScopedClaim{"profile", "middle_name"},
    ScopedClaim{"profile", "picture"},
    ScopedClaim{"profile", "profile"},
    ScopedClaim{"profile", "preferred_username"},
    ScopedClaim{"profile", "website"},
    ScopedClaim{"profile", "gender"},
    ScopedClaim{"profile", "birthdate"},
    ScopedClaim{"profile", "zoneinfo"},
    ScopedClaim{"profile", "locale"},
    ScopedClaim{"phone", "phone_number"},
    ScopedClaim{"name", "name"},
    ScopedClaim{"nickname", "nickname"},
    ScopedClaim{"given_name", "given_name"},
    ScopedClaim{"family_name", "family_name"},
    ScopedClaim{"picture", "picture"},
};

constexpr std::array<std::string_view, 5> kOtherClaims{"email", "email_verified", "phone_number_verified", "address",
                                                       "updated_at"};

bool is_text_claim(std::string_view name) { return std::ranges::find(kTexts, name, &ScopedClaim::claim) != kTexts.end(); }

bool is_true(const bj::object& object, std::string_view name) {
  return json::find_bool(object, name).value_or(false) || json::find_text(object, name) == "true";
}

void add_email(bj::object& claims, const model::User& user, const bj::object& profile, bool address, bool verified) {
  // An address that is not stored with the user (RP-73) is vouched for by this login alone.
  const bool stored = !user.email.empty();
  const std::string email = stored ? user.email : json::find_string(profile, "email").value_or("");
  if (email.empty()) return;
  if (address) claims["email"] = email;
  if (verified) claims["email_verified"] = stored ? user.email_verified : is_true(profile, "email_verified");
}

void add_address(bj::object& claims, const bj::object& profile) {
  if (const auto* address = json::find_object(profile, "address")) {
    claims["address"] = *address;
  } else if (auto text = json::find_string(profile, "address")) {
    claims["address"] = bj::object{{"formatted", std::move(*text)}};
  }
}

bj::array identities_of(const model::User& user) {
  bj::array identities;
  for (const model::Identity& identity : user.identities)
    identities.push_back(bj::object{{"connection", identity.connection_name},
                                    {"provider", identity.provider},
                                    {"user_id", identity.connection_name + "|" + identity.subject},
                                    {"isSocial", false}});
  return identities;
}

}  // namespace

bj::object profile_of(const model::User& user, std::string_view login_claims) {
  bj::object profile;
  if (!user.profile.empty()) profile = json::parse_object(user.profile).value();
  if (login_claims.empty()) return profile;
  for (const auto& [name, value] : json::parse_object(login_claims).value()) profile[name] = value;
  return profile;
}

void add_scope_claims(bj::object& claims, const model::User& user, const bj::object& profile,
                      const std::vector<std::string>& scope) {
  for (const auto& [needed, claim] : kTexts)
    if (contains(scope, needed))
      if (auto text = json::find_string(profile, claim)) claims[claim] = std::move(*text);

  if (contains(scope, "profile")) claims["updated_at"] = to_epoch_seconds(user.updated_at);  // ID-2: a number
  const bool whole_email = contains(scope, "email");
  add_email(claims, user, profile, whole_email, whole_email || contains(scope, "email_verified"));
  if (contains(scope, "phone") && claims.contains("phone_number"))
    claims["phone_number_verified"] = is_true(profile, "phone_number_verified");
  if (contains(scope, "address")) add_address(claims, profile);
  if (contains(scope, "created_at")) claims["created_at"] = to_iso8601(user.created_at);
  if (contains(scope, "identities")) claims["identities"] = identities_of(user);
}

bool is_requestable_claim(std::string_view name) {
  return is_text_claim(name) || std::ranges::find(kOtherClaims, name) != kOtherClaims.end();
}

void add_requested_claims(bj::object& claims, const model::User& user, const bj::object& profile,
                          const std::vector<std::string>& names) {
  if (names.empty()) return;
  for (const std::string& name : names) {
    if (is_text_claim(name)) {
      if (auto text = json::find_string(profile, name)) claims[name] = std::move(*text);
    } else if (name == "phone_number_verified") {
      if (json::find_string(profile, "phone_number")) claims[name] = is_true(profile, name);
    }
  }
  add_email(claims, user, profile, contains(names, "email"), contains(names, "email_verified"));
  if (contains(names, "address")) add_address(claims, profile);
  if (contains(names, "updated_at")) claims["updated_at"] = to_epoch_seconds(user.updated_at);
}

const bj::value* find_user_attribute(const bj::object& user, std::string_view path) {
  static constexpr std::string_view kRoot = "user.";
  if (!path.starts_with(kRoot)) return nullptr;
  const bj::object* object = &user;
  for (path.remove_prefix(kRoot.size());;) {
    // The whole rest first: an attribute may have a dot in its name, as namespaced claims do.
    if (const bj::value* value = object->if_contains(path)) return value->is_null() ? nullptr : value;
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) return nullptr;
    const bj::value* inner = object->if_contains(path.substr(0, dot));
    if (!inner || !inner->is_object()) return nullptr;
    object = &inner->get_object();
    path.remove_prefix(dot + 1);
  }
}

}  // namespace symbolon::oidc
