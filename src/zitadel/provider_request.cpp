#include "zitadel/provider_request.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "http/url.h"
#include "zitadel/message.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;
using model::Strategy;

constexpr std::size_t kMaxText = 200;
constexpr std::size_t kMaxSecret = 1000;
constexpr std::size_t kMaxScopes = 20;
constexpr std::size_t kMaxScope = 100;

enum class Kind { text, secret, url, issuer };

// In the order of the proto fields, since the first violation is the one that is reported. The ids are those of a blank
// value at instance level.
struct Rule {
  std::string_view member;
  std::string ProviderRequest::* target;
  std::string_view id_on_create, id_on_update;
  Kind kind = Kind::text;
};

constexpr Rule kOAuthRules[] = {
    {"name", &ProviderRequest::name, "INST-D32ef", "INST-Sf3gh"},
    {"clientId", &ProviderRequest::client_id, "INST-Dbgzf", "INST-SHJ3ui"},
    {"clientSecret", &ProviderRequest::client_secret, "INST-DF4ga", "", Kind::secret},
    {"authorizationEndpoint", &ProviderRequest::authorization_endpoint, "INST-B23bs", "INST-SVrgh", Kind::url},
    {"tokenEndpoint", &ProviderRequest::token_endpoint, "INST-D2gj8", "INST-DJKeio", Kind::url},
    {"userEndpoint", &ProviderRequest::user_endpoint, "INST-Fb8jk", "INST-ILSJi", Kind::url},
    {"idAttribute", &ProviderRequest::id_attribute, "INST-sdf3f", "INST-JKD3h"},
};

constexpr Rule kOidcRules[] = {
    {"name", &ProviderRequest::name, "INST-Sgtj5", "INST-Dvf4f"},
    {"issuer", &ProviderRequest::issuer, "INST-Hz6zj", "INST-BDfr3", Kind::issuer},
    {"clientId", &ProviderRequest::client_id, "INST-fb5jm", "INST-Db3bs"},
    {"clientSecret", &ProviderRequest::client_secret, "INST-Sfdf4", "", Kind::secret},
};

constexpr std::array<std::pair<std::string_view, int>, 3> kAutoLinking{
    {{"AUTO_LINKING_OPTION_UNSPECIFIED", 0}, {"AUTO_LINKING_OPTION_USERNAME", 1}, {"AUTO_LINKING_OPTION_EMAIL", 2}}};

bool is_usable_url(std::string_view text, Kind kind, bool http_allowed) {
  const auto url = http::parse_url(text);
  if (!url || url->fragment || (kind == Kind::issuer && url->query)) return false;
  return url->is_https() || (http_allowed && url->is_http());
}

bool is_scope(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) {
    return letter > 0x20 && letter < 0x7f && letter != '"' && letter != '\\';
  });
}

class Reader {
 public:
  Reader(const Call& call, Strategy strategy, bool creating, bool http_allowed)
      : level_(call.level),
        creating_(creating),
        http_allowed_(http_allowed),
        message_(std::string(creating ? "Add" : "Update") +
                     (strategy == Strategy::oauth2 ? "GenericOAuthProviderRequest" : "GenericOIDCProviderRequest"),
                 call.body) {
    out_.strategy = strategy;
  }

  std::expected<ProviderRequest, Error> run() {
    const std::span<const Rule> rules =
        out_.strategy == Strategy::oauth2 ? std::span<const Rule>(kOAuthRules) : std::span<const Rule>(kOidcRules);
    for (const Rule& rule : rules) {
      // OAuth has its id attribute behind the scopes.
      if (rule.member == "idAttribute") read_scopes();
      read_text(rule);
    }
    if (out_.strategy != Strategy::oauth2) read_scopes();
    read_options();
    out_.is_id_token_mapping = message_.flag("isIdTokenMapping");
    out_.use_pkce = message_.flag("usePkce");
    for (const Rule& rule : rules) judge(rule);
    if (message_.error()) return std::unexpected(*message_.error());
    return std::move(out_);
  }

 private:
  void read_text(const Rule& rule) {
    const bool secret = rule.kind == Kind::secret;
    const std::size_t least = secret && !creating_ ? 0 : 1;
    out_.*rule.target = message_.text_between(rule.member, least, secret ? kMaxSecret : kMaxText);
  }

  void judge(const Rule& rule) {
    std::string& value = out_.*rule.target;
    value = std::string(trim(value));
    const bool optional = rule.kind == Kind::secret && !creating_;
    const bool bad_url =
        (rule.kind == Kind::url || rule.kind == Kind::issuer) && !is_usable_url(value, rule.kind, http_allowed_);
    if ((value.empty() && !optional) || bad_url)
      message_.refuse(failure(Code::invalid_argument, id_of(rule), "Errors.Invalid.Argument"));
  }

  std::string id_of(const Rule& rule) const { return id_at(level_, creating_ ? rule.id_on_create : rule.id_on_update); }

  void read_scopes() {
    const auto scopes = message_.texts("scopes");
    if (scopes.size() > kMaxScopes)
      message_.break_rule("scopes", "value must contain no more than " + std::to_string(kMaxScopes) + " item(s)");
    for (std::size_t at = 0; at < scopes.size(); ++at) {
      const auto length = count_code_points(scopes[at]);
      if (!length || *length < 1 || *length > kMaxScope)
        message_.break_rule("scopes[" + std::to_string(at) + "]",
                            "value length must be between 1 and " + std::to_string(kMaxScope) + " runes, inclusive");
      if (!is_scope(scopes[at]))
        message_.refuse(plain(Code::invalid_argument, "a scope has blanks or characters that no scope may have"));
      if (!contains(out_.scopes, scopes[at])) out_.scopes.push_back(scopes[at]);
    }
  }

  void read_options() {
    static const json::object kNone;
    const json::object* given = message_.object("providerOptions");
    Message options("Options", given ? *given : kNone);
    for (const std::string_view flag : {"isLinkingAllowed", "isCreationAllowed", "isAutoCreation", "isAutoUpdate"})
      out_.provider_options[flag] = options.flag(flag);
    out_.provider_options["autoLinking"] =
        kAutoLinking[static_cast<std::size_t>(options.choice("autoLinking", kAutoLinking))].first;
    if (options.error()) message_.refuse(*options.error());
  }

  const Level level_;
  const bool creating_, http_allowed_;
  Message message_;
  ProviderRequest out_;
};

}  // namespace

std::expected<ProviderRequest, Error> read_provider(const Call& call, Strategy strategy, bool creating,
                                                    bool http_allowed) {
  return Reader(call, strategy, creating, http_allowed).run();
}

}  // namespace symbolon::zitadel
