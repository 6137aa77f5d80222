#include "zitadel/policy_document.h"

#include <algorithm>
#include <array>

#include "http/url.h"
#include "zitadel/wire.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 10> kFlags{
    "allowUsernamePassword", "allowRegister",         "allowExternalIdp",      "forceMfa",
    "hidePasswordReset",     "ignoreUnknownUsernames", "allowDomainDiscovery", "disableLoginWithEmail",
    "disableLoginWithPhone", "forceMfaLocalOnly"};
constexpr std::array<std::string_view, 5> kLifetimes{"passwordCheckLifetime", "externalLoginCheckLifetime",
                                                     "mfaInitSkipLifetime", "secondFactorCheckLifetime",
                                                     "multiFactorCheckLifetime"};
constexpr std::array<std::pair<std::string_view, int>, 2> kPasswordless{
    {{"PASSWORDLESS_TYPE_NOT_ALLOWED", 0}, {"PASSWORDLESS_TYPE_ALLOWED", 1}}};
constexpr std::array<std::pair<std::string_view, int>, 5> kSecondFactors{{{"SECOND_FACTOR_TYPE_UNSPECIFIED", 0},
                                                                          {"SECOND_FACTOR_TYPE_OTP", 1},
                                                                          {"SECOND_FACTOR_TYPE_U2F", 2},
                                                                          {"SECOND_FACTOR_TYPE_OTP_EMAIL", 3},
                                                                          {"SECOND_FACTOR_TYPE_OTP_SMS", 4}}};
constexpr std::array<std::pair<std::string_view, int>, 2> kMultiFactors{
    {{"MULTI_FACTOR_TYPE_UNSPECIFIED", 0}, {"MULTI_FACTOR_TYPE_U2F_WITH_VERIFICATION", 1}}};

// Seconds with an optional fraction and an `s`, as protobuf writes a Duration.
bool is_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 22 || !text.ends_with('s')) return false;
  text.remove_suffix(1);
  const auto dot = text.find('.');
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (dot == std::string_view::npos) return text.size() <= 12 && digits(text);
  return dot <= 12 && text.size() - dot <= 10 && digits(text.substr(0, dot)) && digits(text.substr(dot + 1));
}

// The form in which protobuf writes the same span: no needless zeros, and a fraction of 3, 6 or 9 digits.
std::string canonical(std::string_view duration) {
  duration.remove_suffix(1);
  const auto dot = std::min(duration.find('.'), duration.size());
  std::string_view seconds = duration.substr(0, dot);
  seconds.remove_prefix(std::min(seconds.find_first_not_of('0'), seconds.size() - 1));
  std::string fraction(duration.substr(std::min(dot + 1, duration.size())));
  fraction.resize(fraction.find_last_not_of('0') + 1);
  while (fraction.size() % 3 != 0) fraction += '0';
  return std::string(seconds) + (fraction.empty() ? "" : ".") + fraction + "s";
}

bool is_zero(std::string_view duration) { return duration.find_first_of("123456789") == std::string_view::npos; }

bool is_redirect(std::string_view text) {
  const auto url = http::parse_url(text);
  return url && (url->is_https() || url->is_http());
}

Message::Enum factors(FactorKind kind) {
  return kind == FactorKind::second ? Message::Enum(kSecondFactors) : Message::Enum(kMultiFactors);
}

std::expected<std::string, Error> factor_named(Message& request, FactorKind kind) {
  const int number = request.choice("type", factors(kind));
  if (number == 0) request.break_rule("type", "value must not be in list [0]");
  if (request.error()) return std::unexpected(*request.error());
  return std::string(factors(kind)[static_cast<std::size_t>(number)].first);
}

}  // namespace

std::string default_policy() {
  return json::serialize(json::object{{"allowRegister", true},
                                      {"allowExternalIdp", true},
                                      {"passwordCheckLifetime", "864000s"},
                                      {"externalLoginCheckLifetime", "864000s"},
                                      {"mfaInitSkipLifetime", "2592000s"},
                                      {"secondFactorCheckLifetime", "64800s"},
                                      {"multiFactorCheckLifetime", "43200s"}});
}

std::expected<json::object, Error> read_policy(Message& request, std::string_view bad_uri_id) {
  json::object out;
  for (const std::string_view flag : kFlags) put(out, flag, request.flag(flag));
  if (request.choice("passwordlessType", kPasswordless) == 1) out["passwordlessType"] = kPasswordless[1].first;
  const std::string redirect = request.text("defaultRedirectUri");
  if (!redirect.empty() && !is_redirect(redirect))
    request.refuse(failure(Code::invalid_argument, bad_uri_id, "Errors.IAM.LoginPolicy.RedirectURIInvalid"));
  put(out, "defaultRedirectUri", redirect);
  for (const std::string_view lifetime : kLifetimes) {
    const std::string text = request.text(lifetime);
    if (text.empty()) continue;
    if (!is_duration(text))
      request.refuse(plain(Code::invalid_argument, "the member " + std::string(lifetime) + " must be seconds: \"864000s\""));
    else if (!is_zero(text))
      out[lifetime] = canonical(text);
  }
  if (request.error()) return std::unexpected(*request.error());
  return out;
}

std::string_view factor_member(FactorKind kind) {
  return kind == FactorKind::second ? "secondFactors" : "multiFactors";
}

std::expected<std::string, Error> read_factor(Message& request, FactorKind kind) { return factor_named(request, kind); }

std::expected<std::string, Error> find_factor(const std::string& text, FactorKind kind, std::string message) {
  const bool number = text.size() == 1 && text[0] >= '0' && text[0] <= '9';
  const json::object members{{"type", number ? json::value(text[0] - '0') : json::value(text)}};
  Message request(std::move(message), members);
  return factor_named(request, kind);
}

}  // namespace symbolon::zitadel
