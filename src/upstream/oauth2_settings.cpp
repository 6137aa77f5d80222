#include "upstream/oauth2_settings.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "http/domain_name.h"
#include "json/read.h"
#include "upstream/claims_mapping.h"
#include "upstream/upstream_parameters.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::RootAttributeSync;
using model::UpstreamSettings;

constexpr std::size_t kMaxIdAttribute = 200;
constexpr std::size_t kMaxFields = 100;
constexpr std::size_t kMaxField = 128;
constexpr std::size_t kMaxHeaders = 30;
constexpr std::size_t kMaxHeaderValue = 1024;
constexpr std::size_t kMaxMapText = 256 * 1024;
constexpr std::size_t kMaxTrustedDomains = 1000;
constexpr std::size_t kMaxDomain = 253;

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(letter);
  });
}

bool is_header_value(std::string_view value) {
  return std::ranges::all_of(value, [](char letter) { return letter >= 0x20 && letter < 0x7f; });
}

// What the request itself decides.
bool belongs_to_request(std::string_view name) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"Host", "Content-Length", "Content-Type",
                                                                     "Transfer-Encoding", "Connection", "Accept"},
                             [&](std::string_view taken) { return equals_ignoring_case(taken, name); });
}

void check_headers(OptionReader& options) {
  for (const auto& [name, value] : options.table("customHeaders", kMaxHeaders, kMaxHeaderValue))
    if (!is_header_name(name) || !is_header_value(value) || belongs_to_request(name))
      options.refuse("customHeaders." + printable(name, kMaxField), "cannot be sent");
}

std::string reference_to(const std::string& field) {
  std::string path = "${context.userinfo";
  for (const std::string& part : split_words(field, ".")) path += "[\"" + part + "\"]";
  return path + "}";
}

// fieldsMap in the words of an attribute map; the field that becomes `user_id` identifies the person.
void read_fields_map(OptionReader& options, UpstreamSettings& settings) {
  js::object attributes;
  for (const auto& [field, attribute] : options.table("fieldsMap", kMaxFields, kMaxField)) {
    if (field.empty() || field.contains('"')) options.refuse("fieldsMap", "has a field that cannot be read");
    if (attribute != "user_id") {
      attributes[attribute] = reference_to(field);
    } else if (settings.subject_attribute.empty()) {
      settings.subject_attribute = field;
    }
  }
  if (!attributes.empty()) settings.mapping_attributes = js::serialize(attributes);
}

void read_mapping(OptionReader& options, UpstreamSettings& settings) {
  settings.mapping_mode = model::MappingMode::bind_all;
  read_fields_map(options, settings);
  const js::object* section = options.section("attribute_map");
  if (section == nullptr) return;
  OptionReader reader(*section, options.path_of("attribute_map"));
  reader.choice("mapping_mode", settings.mapping_mode);
  if (std::string attributes = read_attributes(reader); !attributes.empty())
    settings.mapping_attributes = std::move(attributes);
  options.adopt(reader);
}

bool read_auto_linking(const js::object& section, model::AutoLinking& out) {
  const js::value* given = section.if_contains("autoLinking");
  if (given == nullptr || given->is_null()) return true;
  if (const auto number = json::find_integer(section, "autoLinking")) {
    if (*number < 0 || *number > 2) return false;
    out = static_cast<model::AutoLinking>(*number);
    return true;
  }
  if (!given->is_string()) return false;
  std::string_view name = given->get_string();
  constexpr std::string_view kPrefix = "AUTO_LINKING_OPTION_";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  return from_text(to_lower_ascii(name), out);
}

// Compared with what follows the last `@` of an address, so kept in the same form.
void read_trusted_domains(OptionReader& options, std::vector<std::string>& out) {
  for (const std::string& given : options.list("trusted_email_domains", kMaxTrustedDomains, kMaxDomain)) {
    auto domain = http::to_a_labels(given);
    if (!domain) {
      options.refuse("trusted_email_domains", "must be a list of domain names");
      return;
    }
    if (!contains(out, *domain)) out.push_back(std::move(*domain));
  }
}

}  // namespace

void read_oauth2_settings(OptionReader& options, UpstreamSettings& settings) {
  settings.authorization_endpoint = options.url("authorizationURL");
  settings.token_endpoint = options.url("tokenURL");
  settings.userinfo_endpoint = options.url("userinfo_url");
  settings.subject_attribute = options.text("id_attribute", kMaxIdAttribute);
  settings.connection_scope_with_commas = !options.flag("useOauthSpecScope").value_or(false);
  check_headers(options);
  read_mapping(options, settings);
  settings.parameters = read_auth_params(options);
  for (auto& parameter : read_upstream_params(options, model::Channel::back_channel))
    settings.parameters.push_back(std::move(parameter));
}

void read_first_contact(OptionReader& options, UpstreamSettings& settings) {
  model::FirstContactOptions& contact = settings.first_contact;
  contact.trust_email = options.flag("trust_email").value_or(false);
  contact.trust_username = options.flag("trust_username").value_or(false);
  read_trusted_domains(options, contact.trusted_email_domains);
  const js::object* section = options.section("provider_options");
  if (section == nullptr) {
    const bool creates = settings.root_sync != RootAttributeSync::never_on_login;
    contact.creation_allowed = contact.auto_creation = creates;
    contact.auto_update = settings.root_sync == RootAttributeSync::on_each_login;
    return;
  }
  OptionReader reader(*section, options.path_of("provider_options"));
  contact.linking_allowed = reader.flag("isLinkingAllowed").value_or(false);
  contact.creation_allowed = reader.flag("isCreationAllowed").value_or(false);
  contact.auto_creation = reader.flag("isAutoCreation").value_or(false);
  contact.auto_update = reader.flag("isAutoUpdate").value_or(false);
  contact.trust_email = contact.trust_email || reader.flag("trust_email").value_or(false);
  contact.trust_username = contact.trust_username || reader.flag("trust_username").value_or(false);
  read_trusted_domains(reader, contact.trusted_email_domains);
  contact.stated = true;
  if (!read_auto_linking(*section, contact.auto_linking)) reader.refuse("autoLinking", "has no such value");
  options.adopt(reader);
  if (options.text("set_user_root_attributes").empty())
    settings.root_sync = contact.auto_update ? RootAttributeSync::on_each_login : RootAttributeSync::on_first_login;
}

std::string read_attributes(OptionReader& attribute_map) {
  const js::value* given = attribute_map.object().if_contains("attributes");
  if (given == nullptr || given->is_null()) return {};
  std::string text = given->is_string() ? attribute_map.text("attributes", kMaxMapText) : js::serialize(*given);
  if (text.empty()) return {};
  if (auto error = find_mapping_error(text)) {
    attribute_map.refuse("attributes", "cannot be used: " + *error);
    return {};
  }
  return text;
}

}  // namespace symbolon::upstream
