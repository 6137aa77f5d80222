#include "jose/jws.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"

namespace symbolon::jose {
namespace {

std::string token(std::string_view header, std::string_view payload = "{}", std::string_view signature = "sig") {
  return base64url_encode(header) + '.' + base64url_encode(payload) + '.' + base64url_encode(signature);
}

TEST(Jws, GivesItsParts) {
  const std::string text =
      token(R"({"alg":"ES256","kid":"k1","typ":"JWT","other":{"x":[1]}})", R"({"sub":"a"})", "the signature");
  const auto jws = Jws::parse(text);
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->algorithm(), crypto::SignatureAlgorithm::ES256);
  EXPECT_EQ(jws->key_id(), "k1");
  EXPECT_EQ(jws->type(), "JWT");
  EXPECT_EQ(jws->compact(), text);
  EXPECT_EQ(jws->signing_input(), text.substr(0, text.rfind('.')));
  EXPECT_EQ(jws->signature(), "the signature");
  EXPECT_EQ(jws->payload().value().at("sub").as_string(), "a");
  EXPECT_EQ(jws->header_json(), R"({"alg":"ES256","kid":"k1","typ":"JWT","other":{"x":[1]}})");

  const Jws copy = *jws;
  const Jws moved = Jws(copy);
  EXPECT_EQ(moved.signing_input(), jws->signing_input());
}

TEST(Jws, NeedsOnlyAnAlgorithm) {
  const auto jws = Jws::parse(token(R"({"alg":"RS256"})"));
  ASSERT_TRUE(jws);
  EXPECT_FALSE(jws->key_id());
  EXPECT_FALSE(jws->type());
  EXPECT_FALSE(jws->has_type("JWT"));
}

TEST(Jws, RefusesWithOneErrorForEachCause) {
  const std::string good = token(R"({"alg":"RS256"})");
  const struct {
    const char* name;
    std::string text;
    JoseError want;
  } rows[] = {
      {"empty", "", JoseError::not_compact},
      {"one part", "abc", JoseError::not_compact},
      {"two parts", good.substr(0, good.rfind('.')), JoseError::not_compact},
      {"four parts", good + ".", JoseError::not_compact},
      {"five parts", good + ".a.b", JoseError::encrypted},
      {"six parts", good + ".a.b.c", JoseError::not_compact},
      {"JSON serialisation", R"({"payload":"e30","signatures":[]})", JoseError::not_compact},
      {"too long", token(R"({"alg":"RS256"})", std::string(50'000, 'x')), JoseError::too_long},
      {"no header", "." + good.substr(good.find('.') + 1), JoseError::header},
      {"white space before", " " + good, JoseError::base64url},
      {"white space after", good + "\n", JoseError::base64url},
      {"padding", "eyJhbGciOiJSUzI1NiJ9=.e30.c2ln", JoseError::base64url},
      {"standard alphabet", "eyJhbGciOiJSUzI1NiJ9.e30.+/+/", JoseError::base64url},
      {"stray bits", "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbh", JoseError::base64url},
      {"header not JSON", token("alg=RS256"), JoseError::header},
      {"header an array", token(R"(["RS256"])"), JoseError::header},
      {"header not UTF-8", token("{\"alg\":\"RS256\",\"x\":\"\xff\"}"), JoseError::header},
      {"two algorithms", token(R"({"alg":"RS256","alg":"RS256"})"), JoseError::header},
      {"alg a number", token(R"({"alg":256})"), JoseError::header},
      {"alg null", token(R"({"alg":null})"), JoseError::header},
      {"kid a number", token(R"({"alg":"RS256","kid":1})"), JoseError::header},
      {"typ an array", token(R"({"alg":"RS256","typ":["JWT"]})"), JoseError::header},
      {"no alg", token(R"({"kid":"k"})"), JoseError::missing_algorithm},
      {"crit", token(R"({"alg":"RS256","crit":["exp"],"exp":1})"), JoseError::critical_header},
      {"empty crit", token(R"({"alg":"RS256","crit":[]})"), JoseError::critical_header},
      {"unencoded payload", token(R"({"alg":"RS256","b64":false,"crit":["b64"]})"), JoseError::critical_header},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto jws = Jws::parse(row.text);
    ASSERT_FALSE(jws);
    EXPECT_EQ(to_string(jws.error()), to_string(row.want));
  }
}

TEST(Jws, T37_RefusesNoneInEverySpelling) {
  for (int letters = 0; letters < 16; ++letters) {
    std::string name = "none";
    for (int i = 0; i < 4; ++i)
      if (letters >> i & 1)
        name[static_cast<std::size_t>(i)] = static_cast<char>(name[static_cast<std::size_t>(i)] - 'a' + 'A');
    for (const std::string& signature : {std::string(), std::string("x")})
      EXPECT_EQ(Jws::parse(token(R"({"alg":")" + name + R"("})", "{}", signature)).error(),
                JoseError::unknown_algorithm)
          << name;
  }
}

TEST(Jws, T34_RefusesHmacAndOtherAlgorithms) {
  for (const char* name :
       {"HS256", "HS384", "HS512", "hs256", "", "rs256", "RS256 ", "ES256K", "RSA-OAEP", "A128KW", "dir"})
    EXPECT_EQ(Jws::parse(token(R"({"alg":")" + std::string(name) + R"("})")).error(), JoseError::unknown_algorithm)
        << name;
}

TEST(Jws, T6_IgnoresKeysOfTheHeader) {
  const auto jws = Jws::parse(token(
      R"({"alg":"ES256","jwk":{"kty":"oct","k":"AA"},"jku":"https://evil.example/","x5u":"https://evil.example/","x5c":["AA"],"x5t":5})"));
  ASSERT_TRUE(jws);
  EXPECT_FALSE(jws->key_id());
}

TEST(Jws, ComparesItsTypeLoosely) {
  const auto with = [](const char* typ) {
    return Jws::parse(token(R"({"alg":"RS256","typ":")" + std::string(typ) + R"("})")).value();
  };
  EXPECT_TRUE(with("JWT").has_type("JWT"));
  EXPECT_TRUE(with("jwt").has_type("JWT"));
  EXPECT_TRUE(with("application/JWT").has_type("jwt"));
  EXPECT_TRUE(with("Application/at+jwt").has_type("at+jwt"));
  EXPECT_FALSE(with("at+jwt").has_type("JWT"));
  EXPECT_FALSE(with("logout+jwt").has_type("at+jwt"));
  EXPECT_FALSE(with("application/").has_type("JWT"));
  EXPECT_FALSE(with("").has_type("JWT"));
}

TEST(Jws, RefusesPayloadsThatTwoReadersSeeDifferently) {
  const auto payload = [](std::string_view text) {
    return Jws::parse(token(R"({"alg":"RS256"})", text)).value().payload();
  };
  EXPECT_TRUE(payload("{}"));
  for (const char* text :
       {R"({"sub":"a","sub":"b"})", R"({"a":{"b":1,"b":2}})", "[]", "text", "", "{} {}", "{\"a\":\"\xff\"}"})
    EXPECT_EQ(payload(text).error(), JoseError::payload) << text;
  EXPECT_EQ(Jws::parse("eyJhbGciOiJSUzI1NiJ9.e30?.c2ln").value().payload().error(), JoseError::base64url);
}

}  // namespace
}  // namespace symbolon::jose
