#include "upstream/id_token.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/encoding.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/equal.h"
#include "jose/token_hash.h"
#include "jose/verify.h"
#include "json/parse.h"
#include "json/read.h"
#include "upstream/issuer.h"
#include "upstream/pkce_choice.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::Channel;
using model::UpstreamSettings;

constexpr std::chrono::seconds kMaxAge = std::chrono::hours(24);
constexpr std::chrono::seconds kFrontChannelSlack = std::chrono::minutes(10);
constexpr std::size_t kUsualSubject = 255;
constexpr std::size_t kMaxSubject = 512;
constexpr std::int64_t kMaxSessionExpiry = 10'000'000'000;
constexpr double kLastSecond = 253402300799;  // the end of the year 9999
constexpr std::size_t kMaxShown = 300;
constexpr std::size_t kMaxShownKids = 20;

double seconds_of(Instant at) { return static_cast<double>(at.time_since_epoch().count()) / 1000; }
double seconds_of(std::chrono::seconds span) { return static_cast<double>(span.count()); }

Instant instant_of(double epoch_seconds) {
  return from_epoch_seconds(static_cast<std::int64_t>(std::clamp(epoch_seconds, 0.0, kLastSecond)));
}

std::string show(const js::value* value) {
  if (value == nullptr) return "nothing";
  if (const auto* text = value->if_string()) return printable(*text, kMaxShown);
  return printable(js::serialize(*value), kMaxShown);
}

// Enough to compare two nonces, too little to use one.
std::string shorten(std::string_view nonce) {
  return nonce.empty() ? "nothing" : printable(nonce.substr(0, 6), 6) + "…";
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text,
                             [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; });
}

class Verification {
 public:
  Verification(const std::string& compact, const jose::KeySet& keys, const UpstreamSettings& settings,
               const IdTokenContext& context, Instant now)
      : compact_(compact), keys_(keys), settings_(settings), context_(context), now_(now) {}

  std::expected<IdToken, IdTokenFailure> run() {
    read();
    if (!failure_) check_header_and_signature();
    if (!failure_) check_issuer();
    if (!failure_) check_audience();
    if (!failure_) check_subject();
    if (!failure_) check_times();
    if (!failure_) check_nonce();
    if (!failure_) check_access_token_hash();
    if (!failure_) check_auth_time();
    if (!failure_) check_session_expiry();
    if (failure_) {
      failure_->facts = facts();
      return std::unexpected(std::move(*failure_));
    }
    return finish();
  }

 private:
  void fail(IdTokenCheck check, std::string expected, std::string received) {
    if (!failure_) failure_ = IdTokenFailure{check, std::move(expected), std::move(received), {}};
  }
  const js::value* claim(std::string_view name) const { return claims_.if_contains(name); }
  std::string text(std::string_view name) const { return json::find_string(claims_, name).value_or(""); }

  // V1, and the algorithms that are never accepted (V2).
  void read() {
    auto parsed = jose::Jws::parse(compact_);
    if (!parsed) return fail_to_parse(parsed.error());
    jws_ = std::move(*parsed);
    auto claims = jws_->payload();
    if (!claims) return fail(IdTokenCheck::shape, "a signed token (JWS)", std::string(to_string(claims.error())));
    claims_ = std::move(*claims);
  }

  void fail_to_parse(jose::JoseError error) {
    using jose::JoseError;
    if (error == JoseError::encrypted)
      return fail(IdTokenCheck::encrypted, "a signed token (JWS)", "encrypted ID tokens are not supported");
    if (error == JoseError::unknown_algorithm || error == JoseError::missing_algorithm)
      return fail(IdTokenCheck::algorithm, join(settings_.id_token_algorithms, ", "), header_member("alg"));
    fail(IdTokenCheck::shape, "a signed token (JWS)", std::string(to_string(error)));
  }

  // For explanations only: nothing is decided by a header that was not accepted.
  std::string header_member(std::string_view name) const {
    const auto raw = base64url_decode(std::string_view(compact_).substr(0, compact_.find('.')));
    const auto header = raw ? json::parse_object(*raw) : std::unexpected(json::ParseError{});
    return header ? show(header->if_contains(name)) : "nothing";
  }

  // V2, V3
  void check_header_and_signature() {
    const auto allowed =
        jose::AlgorithmSet::from_names(settings_.id_token_algorithms).intersection(jose::kDefaultUpstreamAlgorithms);
    if (!allowed.contains(jws_->algorithm()))
      return fail(IdTokenCheck::algorithm, join(allowed.names(), ", "), std::string(to_string(jws_->algorithm())));
    if (jws_->type() && !jws_->has_type("JWT"))
      return fail(IdTokenCheck::type, "JWT, or no typ", printable(*jws_->type(), kMaxShown));

    const auto key = jose::verify(*jws_, keys_, allowed);
    if (!key && key.error() == jose::JoseError::unknown_key)
      return fail(IdTokenCheck::unknown_key, known_kids(),
                  "kid " + printable(jws_->key_id().value_or("(none)"), kMaxShown));
    if (!key)
      return fail(IdTokenCheck::signature, "a signature by one of the provider's keys",
                  "a signature that does not hold");
    key_issuer_ = (*key)->issuer;
    if (!jws_->key_id()) warnings_.push_back("the ID token's header names no key (kid)");
  }

  std::string known_kids() const {
    std::vector<std::string> kids;
    for (const jose::Jwk& key : keys_.keys())
      if (kids.size() < kMaxShownKids) kids.push_back(printable(key.kid.value_or("(none)"), 64));
    return "one of the provider's keys for " + std::string(to_string(jws_->algorithm())) + "; it has " +
           join(kids, ", ");
  }

  // V4, V16
  void check_issuer() {
    std::string expected = settings_.issuer;
    if (is_issuer_template(expected)) {
      const std::string tid = text("tid");
      const auto filled = fill_issuer(expected, tid);
      if (!filled) return fail(IdTokenCheck::tenant, "tid with a GUID in lower case", show(claim("tid")));
      const auto& allowed = settings_.allowed_tenant_ids;
      if (!allowed.empty() && !contains(allowed, "*") && !contains(allowed, tid))
        return fail(IdTokenCheck::tenant, "one of " + join(allowed, ", "), tid);
      expected = *filled;
      if (key_issuer_ && *key_issuer_ != expected && fill_issuer(*key_issuer_, tid) != expected)
        return fail(IdTokenCheck::key_issuer, expected, printable(*key_issuer_, kMaxShown));
    }
    const js::value* issuer = claim("iss");
    if (expected.empty() || issuer == nullptr || !issuer->is_string() || issuer->get_string() != expected)
      return fail(IdTokenCheck::issuer, expected, show(issuer));
  }

  // V5, V6
  void check_audience() {
    const js::value* given = claim("aud");
    std::vector<std::string> audience;
    if (given != nullptr && given->is_string()) audience.emplace_back(given->get_string());
    if (auto list = json::find_strings(claims_, "aud")) audience = std::move(*list);
    const bool foreign = std::ranges::any_of(audience, [&](const std::string& one) {
      return one != settings_.client_id && !contains(settings_.trusted_audiences, one);
    });
    if (!contains(audience, settings_.client_id) || foreign)
      return fail(IdTokenCheck::audience, settings_.client_id, show(given));

    const js::value* azp = claim("azp");
    const bool right = azp != nullptr && azp->is_string() && azp->get_string() == settings_.client_id;
    if (azp == nullptr ? audience.size() > 1 : !right)
      fail(IdTokenCheck::authorized_party, settings_.client_id, show(azp));
  }

  // V7
  void check_subject() {
    const std::string subject = text("sub");
    if (subject.empty() || subject.size() > kMaxSubject || has_control_character(subject))
      return fail(IdTokenCheck::subject, "sub, text of 1 to 255 characters", show(claim("sub")));
    if (subject.size() > kUsualSubject) warnings_.push_back("sub is longer than 255 bytes");
  }

  // V8, V9, V10
  void check_times() {
    const auto expires = json::find_number(claims_, "exp");
    const auto issued = json::find_number(claims_, "iat");
    const double now = seconds_of(now_), leeway = seconds_of(kLeeway);
    if (!expires) return fail(IdTokenCheck::expiry, "exp, a number", show(claim("exp")));
    if (now >= *expires + leeway) return fail(IdTokenCheck::expired, "exp after " + clock_text(), show(claim("exp")));
    if (!issued) return fail(IdTokenCheck::issue_time, "iat, a number", show(claim("iat")));
    if (*issued > now + leeway)
      return fail(IdTokenCheck::issued_in_future, "iat not after " + clock_text(), show(claim("iat")));
    const double earliest = settings_.channel == Channel::front_channel
                                ? seconds_of(context_.started_at) - leeway - seconds_of(kFrontChannelSlack)
                                : now - seconds_of(kMaxAge);
    if (*issued < earliest)
      return fail(IdTokenCheck::issued_too_early,
                  "iat not before " + std::to_string(static_cast<std::int64_t>(earliest)), show(claim("iat")));
    if (claim("nbf") == nullptr) return;
    const auto not_before = json::find_number(claims_, "nbf");
    if (!not_before || *not_before > now + leeway)
      fail(IdTokenCheck::not_before, "nbf not after " + clock_text(), show(claim("nbf")));
  }

  std::string clock_text() const { return std::to_string(to_epoch_seconds(now_)) + " (our clock)"; }

  // V11, with the back channel's rules of RP-24.
  void check_nonce() {
    const bool front = settings_.channel == Channel::front_channel;
    if (!front && settings_.send_nonce == false) {
      warnings_.push_back("send_back_channel_nonce is false: the ID token is not tied to this sign-in by a nonce");
      return;
    }
    const js::value* given = claim("nonce");
    if (given == nullptr) return check_missing_nonce(front);
    const std::string received = text("nonce");
    if (context_.nonce.empty() || !crypto::constant_time_equal(received, context_.nonce))
      fail(IdTokenCheck::nonce, shorten(context_.nonce), shorten(received));
  }

  void check_missing_nonce(bool front) {
    const bool tied_by_pkce = context_.challenge_method == "S256" && advertises_s256(settings_);
    if (front || settings_.send_nonce == true || !tied_by_pkce)
      return fail(IdTokenCheck::nonce_missing, shorten(context_.nonce), "nothing");
    warnings_.push_back("the provider did not return the nonce; PKCE ties the code to this sign-in");
  }

  // V13
  void check_access_token_hash() {
    const js::value* given = claim("at_hash");
    if (settings_.channel == Channel::front_channel || given == nullptr || context_.access_token.empty()) return;
    if (!jose::matches_token_hash(text("at_hash"), jws_->algorithm(), context_.access_token))
      fail(IdTokenCheck::access_token_hash, "the hash of the access token", "another one");
  }

  // V14
  void check_auth_time() {
    if (!settings_.strict_auth_time || !context_.max_age) return;
    const auto at = json::find_number(claims_, "auth_time");
    if (!at) return fail(IdTokenCheck::auth_time_missing, "auth_time, a number", show(claim("auth_time")));
    if (*at + seconds_of(*context_.max_age) < seconds_of(now_) - seconds_of(kLeeway))
      fail(IdTokenCheck::auth_time, "a sign-in at most " + std::to_string(context_.max_age->count()) + " s ago",
           show(claim("auth_time")));
  }

  // V15
  void check_session_expiry() {
    if (!settings_.session_expiry_supported) return;
    const auto at = json::find_integer(claims_, "session_expiry");
    if (!at || *at >= kMaxSessionExpiry)
      return fail(IdTokenCheck::session_expiry, "session_expiry, whole seconds", show(claim("session_expiry")));
    if (*at <= to_epoch_seconds(now_))
      return fail(IdTokenCheck::session_expired, "session_expiry after " + clock_text(), std::to_string(*at));
    session_expiry_ = from_epoch_seconds(*at);
  }

  IdToken finish() {
    IdToken token;
    token.header = jws_->header_json();
    const auto first = compact_.find('.'), last = compact_.rfind('.');
    token.claims = *base64url_decode(std::string_view(compact_).substr(first + 1, last - first - 1));
    token.issuer = text("iss");
    token.subject = text("sub");
    // Without the signature: an ECDSA one can be rewritten by anybody and still holds.
    const std::string jti = text("jti");
    token.replay_id = jti.empty() ? "token:" + base64url_encode(crypto::sha256(jws_->signing_input())) : "jti:" + jti;
    token.expires_at = instant_of(*json::find_number(claims_, "exp"));
    token.acr = text("acr");
    token.sid = text("sid");
    token.amr = json::find_strings(claims_, "amr").value_or(std::vector<std::string>());
    if (const auto at = json::find_number(claims_, "auth_time")) token.auth_time = instant_of(*at);
    token.session_expiry = session_expiry_;
    token.warnings = std::move(warnings_);
    return token;
  }

  std::string facts() const {
    return "kid=" + header_member("kid") + " alg=" + header_member("alg") + " iss=" + show(claim("iss")) +
           " aud=" + show(claim("aud")) + " iat=" + show(claim("iat")) + " exp=" + show(claim("exp")) +
           " nbf=" + show(claim("nbf"));
  }

  const std::string& compact_;
  const jose::KeySet& keys_;
  const UpstreamSettings& settings_;
  const IdTokenContext& context_;
  const Instant now_;
  std::optional<jose::Jws> jws_;
  js::object claims_;
  std::optional<std::string> key_issuer_;
  std::optional<Instant> session_expiry_;
  std::vector<std::string> warnings_;
  std::optional<IdTokenFailure> failure_;
};

}  // namespace

std::expected<IdToken, IdTokenFailure> verify_id_token(const std::string& compact, const jose::KeySet& keys,
                                                       const UpstreamSettings& settings, const IdTokenContext& context,
                                                       Instant now) {
  return Verification(compact, keys, settings, context, now).run();
}

}  // namespace symbolon::upstream
