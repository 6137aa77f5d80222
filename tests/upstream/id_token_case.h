#pragma once

#include <functional>
#include <string>

#include "support/token_builder.h"
#include "upstream/id_token.h"
#include "upstream/sample_connection.h"

namespace symbolon::upstream {

using crypto::SignatureAlgorithm;

inline constexpr std::int64_t kNow = 1'800'000'000;
inline constexpr const char* kTid = "0a1b2c3d-0000-4000-8000-00000000000f";

inline const TestKey& ec_key() {
  static const TestKey key = TestKey::make("ec-1");
  return key;
}
inline const TestKey& rsa_key() {
  static const TestKey key = TestKey::make("rsa-1", SignatureAlgorithm::RS256);
  return key;
}
inline const TestKey& stranger() {
  static const TestKey key = TestKey::make("ec-1");
  return key;
}

/// Everything that a verification depends on; right as it is.
struct Case {
  model::Connection connection;
  IdTokenContext context{.nonce = "nonce-of-this-login",
                         .challenge_method = "S256",
                         .started_at = from_epoch_seconds(kNow - 20),
                         .max_age = {},
                         .access_token = {}};
  TokenBuilder token{ec_key()};
  std::string keys = key_set_of({&ec_key(), &rsa_key()});
  std::function<std::string(std::string)> tamper;

  explicit Case(model::Connection with) : connection(std::move(with)) {
    if (connection.upstream.channel == model::Channel::back_channel) context.access_token = "access-token";
    token.claims = {
        {"iss", "https://idp.example"}, {"sub", "sub-1"}, {"aud", "client-1"}, {"exp", kNow + 300}, {"iat", kNow - 5},
        {"nonce", context.nonce}};
  }

  std::expected<IdToken, IdTokenFailure> verify() const {
    std::string compact = token.compact();
    if (tamper) compact = tamper(std::move(compact));
    return verify_id_token(compact, *jose::KeySet::parse(keys), connection.upstream, context, from_epoch_seconds(kNow));
  }
};

inline Case back(std::string_view options = "{}", std::string_view metadata = "{}") {
  return Case(back_channel(options, metadata));
}
inline Case front() { return Case(front_channel()); }

inline model::Connection entra(std::string_view options = "{}") {
  return back_channel(options, R"({"issuer":"https://login.microsoftonline.com/{tenantid}/v2.0"})");
}
inline Case templated(std::string_view options = "{}") {
  Case c(entra(options));
  c.token.claims["iss"] = std::string("https://login.microsoftonline.com/") + kTid + "/v2.0";
  c.token.claims["tid"] = kTid;
  return c;
}

}  // namespace symbolon::upstream
