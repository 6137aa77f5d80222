#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "model/connection.h"
#include "model/signing_key.h"
#include "model/upstream_settings.h"

namespace symbolon::model {
namespace {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<Strategy, 3> kStrategies{
    {{Strategy::oidc, "oidc"}, {Strategy::okta, "okta"}, {Strategy::oauth2, "oauth2"}}};
constexpr Names<Channel, 2> kChannels{
    {{Channel::front_channel, "front_channel"}, {Channel::back_channel, "back_channel"}}};
constexpr Names<PkceMode, 4> kPkceModes{{{PkceMode::automatic, "auto"},
                                         {PkceMode::s256, "S256"},
                                         {PkceMode::plain, "plain"},
                                         {PkceMode::disabled, "disabled"}}};
constexpr Names<UpstreamAuthMethod, 4> kAuthMethods{{{UpstreamAuthMethod::client_secret_post, "client_secret_post"},
                                                     {UpstreamAuthMethod::client_secret_basic, "client_secret_basic"},
                                                     {UpstreamAuthMethod::private_key_jwt, "private_key_jwt"},
                                                     {UpstreamAuthMethod::none, "none"}}};
constexpr Names<RootAttributeSync, 3> kRootSyncs{{{RootAttributeSync::on_each_login, "on_each_login"},
                                                  {RootAttributeSync::on_first_login, "on_first_login"},
                                                  {RootAttributeSync::never_on_login, "never_on_login"}}};
constexpr Names<MappingMode, 3> kMappingModes{{{MappingMode::bind_all, "bind_all"},
                                               {MappingMode::use_map, "use_map"},
                                               {MappingMode::basic_profile, "basic_profile"}}};
constexpr Names<EmailVerifiedMode, 3> kEmailModes{{{EmailVerifiedMode::from_idp, "from_idp"},
                                                   {EmailVerifiedMode::always, "always"},
                                                   {EmailVerifiedMode::never, "never"}}};
constexpr Names<AutoLinking, 3> kAutoLinkings{{{AutoLinking::unspecified, "unspecified"},
                                               {AutoLinking::username, "username"},
                                               {AutoLinking::email, "email"}}};
constexpr std::string_view kNamePlaceholder = "{connection}";
constexpr Names<CallbackPath, 4> kCallbackPathNames{
    {{CallbackPath::own, "/login/callback"},
     {CallbackPath::zitadel_login, "/ui/login/login/externalidp/callback"},
     {CallbackPath::zitadel_idps, "/idps/callback"},
     {CallbackPath::of_connection, "/login/callback/{connection}"}}};
constexpr Names<ConnectionStatus, 5> kStatuses{{{ConnectionStatus::ok, "ok"},
                                                {ConnectionStatus::incomplete, "incomplete"},
                                                {ConnectionStatus::issuer_changed, "issuer_changed"},
                                                {ConnectionStatus::metadata_changed, "metadata_changed"},
                                                {ConnectionStatus::unreachable, "unreachable"}}};
constexpr Names<KeyState, 4> kKeyStates{{{KeyState::next, "next"},
                                         {KeyState::current, "current"},
                                         {KeyState::previous, "previous"},
                                         {KeyState::revoked, "revoked"}}};

template <class E, std::size_t N>
std::string_view name_of(const Names<E, N>& names, E value) {
  for (const auto& [candidate, name] : names)
    if (candidate == value) return name;
  throw std::logic_error("enumeration value without a name");
}

template <class E, std::size_t N>
bool find_name(const Names<E, N>& names, std::string_view text, E& value) {
  for (const auto& [candidate, name] : names) {
    if (name != text) continue;
    value = candidate;
    return true;
  }
  return false;
}

}  // namespace

std::string_view to_string(Strategy value) { return name_of(kStrategies, value); }
std::string_view to_string(Channel value) { return name_of(kChannels, value); }
std::string_view to_string(PkceMode value) { return name_of(kPkceModes, value); }
std::string_view to_string(UpstreamAuthMethod value) { return name_of(kAuthMethods, value); }
std::string_view to_string(RootAttributeSync value) { return name_of(kRootSyncs, value); }
std::string_view to_string(MappingMode value) { return name_of(kMappingModes, value); }
std::string_view to_string(EmailVerifiedMode value) { return name_of(kEmailModes, value); }
std::string_view to_string(AutoLinking value) { return name_of(kAutoLinkings, value); }
std::string_view to_string(CallbackPath value) { return name_of(kCallbackPathNames, value); }
std::string callback_path(CallbackPath choice, std::string_view connection) {
  std::string path(to_string(choice));
  if (const auto at = path.find(kNamePlaceholder); at != std::string::npos)
    path.replace(at, kNamePlaceholder.size(), connection);
  return path;
}
std::string_view to_string(ConnectionStatus value) { return name_of(kStatuses, value); }
std::string_view to_string(KeyState value) { return name_of(kKeyStates, value); }

bool from_text(std::string_view text, Strategy& value) { return find_name(kStrategies, text, value); }
bool from_text(std::string_view text, Channel& value) { return find_name(kChannels, text, value); }
bool from_text(std::string_view text, PkceMode& value) {
  for (const auto& [candidate, name] : kPkceModes) {
    if (!equals_ignoring_case(name, text)) continue;
    value = candidate;
    return true;
  }
  return false;
}
bool from_text(std::string_view text, UpstreamAuthMethod& value) { return find_name(kAuthMethods, text, value); }
bool from_text(std::string_view text, RootAttributeSync& value) { return find_name(kRootSyncs, text, value); }
bool from_text(std::string_view text, MappingMode& value) { return find_name(kMappingModes, text, value); }
bool from_text(std::string_view text, EmailVerifiedMode& value) { return find_name(kEmailModes, text, value); }
bool from_text(std::string_view text, AutoLinking& value) { return find_name(kAutoLinkings, text, value); }
bool from_text(std::string_view text, CallbackPath& value) { return find_name(kCallbackPathNames, text, value); }
bool from_text(std::string_view text, ConnectionStatus& value) { return find_name(kStatuses, text, value); }
bool from_text(std::string_view text, KeyState& value) { return find_name(kKeyStates, text, value); }

}  // namespace symbolon::model
