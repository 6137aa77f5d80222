#include "upstream/logout_token.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "jose/verify.h"
#include "json/read.h"
#include "upstream/id_token.h"
#include "upstream/issuer.h"

namespace symbolon::upstream {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

constexpr auto kYoung = 5min;
constexpr auto kYoungWithoutExpiry = 2min;  // older senders; the final specification requires exp
constexpr auto kReplayMemory = 10min;
constexpr std::size_t kMaxText = 512;
constexpr std::string_view kEvent = "http://schemas.openid.net/event/backchannel-logout";

std::unexpected<LogoutTokenFailure> refuse(std::string why) {
  return std::unexpected(LogoutTokenFailure{std::move(why), false, false});
}

bool is_issuer(const bj::object& claims, const model::UpstreamSettings& settings) {
  const auto issuer = json::find_string(claims, "iss");
  if (!issuer || settings.issuer.empty()) return false;
  if (!is_issuer_template(settings.issuer)) return *issuer == settings.issuer;
  const auto tenant = json::find_string(claims, "tid");
  const auto& allowed = settings.allowed_tenant_ids;
  if (!tenant || (!allowed.empty() && !contains(allowed, "*") && !contains(allowed, *tenant))) return false;
  return fill_issuer(settings.issuer, *tenant) == *issuer;
}

bool is_for_us(const bj::object& claims, const std::string& client_id) {
  if (const auto one = json::find_string(claims, "aud")) return *one == client_id;
  const auto several = json::find_strings(claims, "aud");
  return several && contains(*several, client_id);
}

std::string find_time_problem(const bj::object& claims, Instant now) {
  const auto issued = json::find_integer(claims, "iat");
  const auto expires = json::read_integer(claims, "exp");
  if (!issued) return "iat is missing";
  if (!expires) return "exp is no number";
  const std::int64_t at = to_epoch_seconds(now), leeway = kLeeway.count();
  if (*issued > at + leeway) return "iat is in the future";
  const auto oldest =
      *expires ? std::chrono::seconds(kYoung).count() : std::chrono::seconds(kYoungWithoutExpiry).count();
  if (*issued < at - oldest - leeway) return "iat is too long ago";
  if (*expires && at >= **expires + leeway) return "expired";
  return {};
}

bool is_text(const std::string& text) { return text.size() <= kMaxText; }

std::string find_problem(const bj::object& claims, const model::UpstreamSettings& settings, Instant now) {
  if (!is_issuer(claims, settings)) return "another issuer";
  if (!is_for_us(claims, settings.client_id)) return "another audience";
  if (auto problem = find_time_problem(claims, now); !problem.empty()) return problem;
  const auto jti = json::find_string(claims, "jti");
  if (!jti || jti->empty() || !is_text(*jti)) return "jti is missing or too long";
  const auto* events = json::find_object(claims, "events");
  if (!events || !json::find_object(*events, kEvent)) return "events does not speak of a logout";
  // Or an ID token could be passed off as a logout token, and the other way round.
  if (json::has(claims, "nonce")) return "has a nonce";
  const auto sid = json::read_string(claims, "sid"), sub = json::read_string(claims, "sub");
  if (!sid || !sub) return "sid or sub is no text";
  if (sid->value_or("").empty() && sub->value_or("").empty()) return "neither sid nor sub";
  if (!is_text(sid->value_or("")) || !is_text(sub->value_or(""))) return "sid or sub is too long";
  return {};
}

}  // namespace

std::expected<LogoutToken, LogoutTokenFailure> verify_logout_token(const std::string& compact, const jose::KeySet& keys,
                                                                   const model::UpstreamSettings& settings,
                                                                   Instant now) {
  const auto jws = jose::Jws::parse(compact);
  if (!jws) return refuse(std::string(to_string(jws.error())));
  const auto allowed =
      jose::AlgorithmSet::from_names(settings.id_token_algorithms).intersection(jose::kDefaultUpstreamAlgorithms);
  if (!allowed.contains(jws->algorithm())) return refuse("algorithm " + std::string(to_string(jws->algorithm())));
  if (jws->type() && !jws->has_type("JWT") && !jws->has_type("logout+jwt")) return refuse("another typ");
  if (const auto key = jose::verify(*jws, keys, allowed); !key) {
    const bool unknown = key.error() == jose::JoseError::unknown_key;
    return std::unexpected(LogoutTokenFailure{std::string(to_string(key.error())), unknown, !unknown});
  }
  const auto claims = jws->payload();
  if (!claims) return refuse(std::string(to_string(claims.error())));
  if (auto problem = find_problem(*claims, settings, now); !problem.empty()) return refuse(std::move(problem));
  return LogoutToken{json::find_string(*claims, "iss").value_or(""), json::find_string(*claims, "jti").value_or(""),
                     json::find_string(*claims, "sub").value_or(""), json::find_string(*claims, "sid").value_or(""),
                     now + kReplayMemory + kLeeway};
}

}  // namespace symbolon::upstream
