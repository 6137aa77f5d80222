#include "jose/verify.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "crypto/hmac.h"
#include "jose/public_jwk.h"
#include "jose/sign.h"

namespace symbolon::jose {
namespace {

using boost::json::object;
using crypto::KeyType;
using crypto::PrivateKey;
using enum crypto::SignatureAlgorithm;

const PrivateKey& rsa() {
  static const PrivateKey key = PrivateKey::generate(KeyType::rsa);
  return key;
}
const PrivateKey& ec() {
  static const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  return key;
}
const PrivateKey& attacker() {
  static const PrivateKey key = PrivateKey::generate(KeyType::rsa);
  return key;
}

KeySet published() { return KeySet({Jwk{rsa().public_key(), "rsa", {}, {}}, Jwk{ec().public_key(), "ec", {}, {}}}); }

/// A token that verifies as it is.
struct Token {
  object header{{"alg", "RS256"}, {"kid", "rsa"}};
  object claims{{"sub", "user"}};
  const PrivateKey* key = &rsa();
  crypto::SignatureAlgorithm algorithm = RS256;
  AlgorithmSet allowed = kDefaultUpstreamAlgorithms;
  std::string tail;

  std::string compact() const {
    const std::string input =
        base64url_encode(boost::json::serialize(header)) + '.' + base64url_encode(boost::json::serialize(claims));
    return input + '.' + base64url_encode(key->sign(algorithm, input)) + tail;
  }
};

std::expected<const Jwk*, JoseError> check(const std::string& compact, AlgorithmSet allowed, const KeySet& keys) {
  const auto jws = Jws::parse(compact);
  if (!jws) return std::unexpected(jws.error());
  return verify(*jws, keys, allowed);
}

TEST(Verify, AcceptsWhatItsKeysSigned) {
  const KeySet keys = published();
  const auto by = check(Token().compact(), kDefaultUpstreamAlgorithms, keys);
  ASSERT_TRUE(by);
  EXPECT_EQ((*by)->kid, "rsa");
}

TEST(Verify, RefusesWhenOneThingIsWrong) {
  const struct {
    const char* name;
    void (*spoil)(Token&);
    JoseError want;
  } rows[] = {
      {"other kid", [](Token& t) { t.header["kid"] = "other"; }, JoseError::unknown_key},
      {"empty kid", [](Token& t) { t.header["kid"] = ""; }, JoseError::unknown_key},
      {"T35 kid of a key of another type", [](Token& t) { t.header["kid"] = "ec"; }, JoseError::unknown_key},
      {"T35 alg of another padding", [](Token& t) { t.header["alg"] = "PS256"; }, JoseError::signature},
      {"T35 alg of another digest", [](Token& t) { t.header["alg"] = "RS512"; }, JoseError::signature},
      {"T35 alg of another key type", [](Token& t) { t.header["alg"] = "ES256"; }, JoseError::unknown_key},
      {"T38 alg not allowed", [](Token& t) { t.allowed = {ES256}; }, JoseError::forbidden_algorithm},
      {"nothing allowed", [](Token& t) { t.allowed = {}; }, JoseError::forbidden_algorithm},
      {"EdDSA is not upstream's default", [](Token& t) { t.header["alg"] = "EdDSA"; }, JoseError::forbidden_algorithm},
      {"T37 none", [](Token& t) { t.header["alg"] = "none"; }, JoseError::unknown_algorithm},
      {"signed by somebody else", [](Token& t) { t.key = &attacker(); }, JoseError::signature},
      {"signature lengthened", [](Token& t) { t.tail = "AAAA"; }, JoseError::signature},
      {"T6 embedded key",
       [](Token& t) {
         t.key = &attacker();
         t.header["jwk"] = render_public_jwk(attacker().public_key(), "rsa", RS256);
       },
       JoseError::signature},
      {"T6 embedded key alone",
       [](Token& t) {
         t.key = &attacker();
         t.header = {{"alg", "RS256"}, {"jwk", render_public_jwk(attacker().public_key(), "x", RS256)}};
       },
       JoseError::signature},
      {"T6 key elsewhere",
       [](Token& t) {
         t.key = &attacker();
         t.header["jku"] = "https://evil.example/jwks.json";
         t.header["kid"] = "evil";
       },
       JoseError::unknown_key},
  };
  const KeySet keys = published();
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Token token;
    row.spoil(token);
    const auto result = check(token.compact(), token.allowed, keys);
    ASSERT_FALSE(result);
    EXPECT_EQ(to_string(result.error()), to_string(row.want));
  }
}

// The public key is no secret: as the secret of an HMAC anybody could use it.
TEST(Verify, T34_RefusesAnHmacOverThePublicKey) {
  for (const std::string& secret :
       {rsa().public_key().spki_pem(), rsa().public_key().spki_der(), std::string(1, '\0')}) {
    const std::string input =
        base64url_encode(R"({"alg":"HS256","kid":"rsa"})") + '.' + base64url_encode(R"({"sub":"admin"})");
    const std::string forged = input + '.' + base64url_encode(crypto::hmac_sha256(secret, input));
    EXPECT_EQ(check(forged, kDefaultUpstreamAlgorithms, published()).error(), JoseError::unknown_algorithm);
    const std::string renamed = base64url_encode(R"({"alg":"RS256","kid":"rsa"})") + forged.substr(forged.find('.'));
    EXPECT_EQ(check(renamed, kDefaultUpstreamAlgorithms, published()).error(), JoseError::signature);
  }
}

TEST(Verify, T27_RefusesEveryShorterToken) {
  const KeySet keys = published();
  Token token;
  token.key = &ec();
  token.algorithm = ES256;
  token.header = {{"alg", "ES256"}, {"kid", "ec"}};
  const std::string compact = token.compact();
  ASSERT_TRUE(check(compact, {ES256}, keys));
  for (std::size_t length = 0; length < compact.size(); ++length)
    EXPECT_FALSE(check(compact.substr(0, length), {ES256}, keys)) << length;
}

TEST(Verify, T27_RefusesEveryChangedCharacter) {
  const KeySet keys = published();
  Token token;
  token.key = &ec();
  token.algorithm = ES256;
  token.header = {{"alg", "ES256"}, {"kid", "ec"}};
  const std::string compact = token.compact();
  for (std::size_t i = 0; i < compact.size(); ++i) {
    std::string changed = compact;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(check(changed, {ES256}, keys)) << i;
  }
}

TEST(Verify, TriesEveryKeyThatFitsWithoutAKid) {
  Token token;
  token.header = {{"alg", "RS256"}};
  const KeySet keys({Jwk{attacker().public_key(), "old", {}, {}}, Jwk{ec().public_key(), "ec", {}, {}},
                     Jwk{rsa().public_key(), {}, {}, {}}});
  EXPECT_EQ(check(token.compact(), {RS256}, keys).value(), &keys.keys()[2]);
  EXPECT_EQ(check(token.compact(), {RS256}, KeySet({Jwk{ec().public_key(), {}, {}, {}}})).error(),
            JoseError::unknown_key);
  EXPECT_EQ(check(token.compact(), {RS256}, KeySet({Jwk{attacker().public_key(), {}, {}, {}}})).error(),
            JoseError::signature);
}

TEST(Verify, KeepsAKeyToItsAlgorithm) {
  Token token;
  EXPECT_TRUE(check(token.compact(), {RS256}, KeySet({Jwk{rsa().public_key(), "rsa", RS256, {}}})));
  EXPECT_EQ(check(token.compact(), {RS256, PS256}, KeySet({Jwk{rsa().public_key(), "rsa", PS256, {}}})).error(),
            JoseError::unknown_key);
}

TEST(VerifyWithOneKey, SaysTheSame) {
  const auto jws = Jws::parse(Token().compact()).value();
  EXPECT_TRUE(verify(jws, rsa().public_key(), {RS256}));
  EXPECT_EQ(verify(jws, attacker().public_key(), {RS256}).error(), JoseError::signature);
  EXPECT_EQ(verify(jws, ec().public_key(), {RS256}).error(), JoseError::unknown_key);
  EXPECT_EQ(verify(jws, rsa().public_key(), {PS256}).error(), JoseError::forbidden_algorithm);
}

TEST(AlgorithmSet, IsMadeOfNames) {
  const auto set = AlgorithmSet::from_names({"ES256", "none", "HS256", "RS256", "x"});
  EXPECT_EQ(set.names(), (std::vector<std::string>{"RS256", "ES256"}));
  EXPECT_EQ(set.intersection({ES256, EdDSA}), AlgorithmSet{ES256});
  EXPECT_TRUE(set.intersection({EdDSA}).empty());
}

// RFC 7515, appendices A.2 and A.3.
const char* const kPayload =
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

TEST(Verify, MatchesRfc7515A2) {
  const auto key =
      crypto::PublicKey::from_rsa(*base64url_decode("ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-"
                                                    "Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgN"
                                                    "MsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
                                                    "bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmt"
                                                    "dVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
                                                    "h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
                                  std::string("\x01\x00\x01", 3));
  const auto jws = Jws::parse(std::string("eyJhbGciOiJSUzI1NiJ9") + kPayload +
                              "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
                              "O8W2Fp5jujGbds9uJdbF9CUAr7t1dn"
                              "ZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_"
                              "eSN9383LcOLn6_dO--xi12jzDwusC"
                              "-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtV"
                              "rBp0igcN_IoypGlUPQGe77Rw");
  ASSERT_TRUE(jws);
  EXPECT_TRUE(verify(*jws, key.value(), {RS256}));
  EXPECT_EQ(jws->payload().value().at("iss").as_string(), "joe");
}

TEST(Verify, MatchesRfc7515A3) {
  const auto key =
      crypto::PublicKey::from_ec(KeyType::ec_p256, *base64url_decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                 *base64url_decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
  const auto jws = Jws::parse(std::string("eyJhbGciOiJFUzI1NiJ9") + kPayload +
                              "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  ASSERT_TRUE(jws);
  EXPECT_TRUE(verify(*jws, key.value(), {ES256}));
}

}  // namespace
}  // namespace symbolon::jose
