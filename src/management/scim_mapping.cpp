#include "management/scim_mapping.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>
#include <string_view>

namespace symbolon::management {
namespace {

namespace json = boost::json;

struct Row {
  std::string_view scim, auth0;
};

constexpr std::array<Row, 32> kDefault{{
    {"userName", "preferred_username"},
    {"emails[primary eq true].value", "email"},
    {"externalId", "app_metadata.external_id"},
    {"active", "blocked"},
    {"displayName", "name"},
    {"name.givenName", "given_name"},
    {"name.familyName", "family_name"},
    {"name.middleName", "app_metadata.middle_name"},
    {"name.honorificPrefix", "app_metadata.honorific_prefix"},
    {"name.honorificSuffix", "app_metadata.honorific_suffix"},
    {"nickName", "nickname"},
    {"photos[type eq \"photo\"].value", "picture"},
    {"phoneNumbers[primary eq true].value", "app_metadata.primary_phone_number"},
    {"phoneNumbers[type eq \"mobile\"].value", "app_metadata.mobile_phone_number"},
    {"addresses[type eq \"work\"].streetAddress", "app_metadata.street_address"},
    {"addresses[type eq \"work\"].locality", "app_metadata.city"},
    {"addresses[type eq \"work\"].region", "app_metadata.state"},
    {"addresses[type eq \"work\"].postalCode", "app_metadata.postal_code"},
    {"addresses[type eq \"work\"].formatted", "app_metadata.postal_address"},
    {"addresses[type eq \"work\"].country", "app_metadata.country"},
    {"profileUrl", "app_metadata.profile_url"},
    {"userType", "app_metadata.user_type"},
    {"title", "app_metadata.title"},
    {"preferredLanguage", "app_metadata.language"},
    {"locale", "app_metadata.locale"},
    {"timezone", "app_metadata.timezone"},
    {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.employeeNumber", "app_metadata.employee_id"},
    {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.costCenter", "app_metadata.cost_center"},
    {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.organization", "app_metadata.organization"},
    {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.division", "app_metadata.division"},
    {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department", "app_metadata.department"},
    {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager", "app_metadata.manager"},
}};

constexpr std::array<std::string_view, 9> kReserved{"user_id",    "identities", "password",     "created_at",  "updated_at",
                                                    "last_login", "last_ip",    "logins_count", "blocked_for"};

bool is_mappable_scim(std::string_view path) {
  return !path.empty() && path != "id" && path != "schemas" && path != "password" && path != "meta" &&
         !path.starts_with("meta.");
}

bool is_mappable_attribute(std::string_view path) {
  return !path.empty() && path != "tenant" && !path.starts_with("multifactor") && !path.starts_with("guardian") &&
         std::ranges::find(kReserved, path) == kReserved.end();
}

std::string_view text(const json::value& row, std::string_view name) {
  const auto& value = row.at(name).get_string();
  return {value.data(), value.size()};
}

}  // namespace

const json::array& default_scim_mapping() {
  static const json::array kMapping = [] {
    json::array rows;
    for (const Row& row : kDefault) rows.push_back(json::object{{"scim", row.scim}, {"auth0", row.auth0}});
    return rows;
  }();
  return kMapping;
}

bool is_valid_scim_mapping(const json::array& mapping) {
  std::set<std::string_view> scim_paths, attributes;
  for (const json::value& row : mapping) {
    const std::string_view scim = text(row, "scim"), attribute = text(row, "auth0");
    if (!is_mappable_scim(scim) || !is_mappable_attribute(attribute)) return false;
    if (attribute == "blocked" && scim != "active") return false;
    if (!scim_paths.insert(scim).second || !attributes.insert(attribute).second) return false;
  }
  return true;
}

}  // namespace symbolon::management
