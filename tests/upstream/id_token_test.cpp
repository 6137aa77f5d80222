#include "upstream/id_token.h"

#include <gtest/gtest.h>

#include "jose/token_hash.h"
#include "upstream/id_token_case.h"

namespace symbolon::upstream {
namespace {

using namespace std::chrono_literals;
namespace js = boost::json;

TEST(VerifyIdToken, AcceptsAValidToken) {
  for (const Case& valid : {back(), front(), templated()}) {
    const auto result = valid.verify();
    ASSERT_TRUE(result.has_value()) << rule_of(result.error().check) << " " << result.error().received;
    EXPECT_EQ(result->subject, "sub-1");
    EXPECT_EQ(result->expires_at, from_epoch_seconds(kNow + 300));
    EXPECT_TRUE(result->warnings.empty());
    EXPECT_EQ(object_of(result->claims), valid.token.claims);
    EXPECT_EQ(object_of(result->header), valid.token.header);
  }
}

TEST(VerifyIdToken, TakesOverWhatTheLoginNeeds) {
  Case c = back(R"({"id_token_session_expiry_supported":true})");
  c.token.claims["acr"] = "gold";
  c.token.claims["amr"] = js::array{"pwd", "otp"};
  c.token.claims["sid"] = "upstream-session";
  c.token.claims["auth_time"] = kNow - 60;
  c.token.claims["session_expiry"] = kNow + 3600;
  c.token.claims["jti"] = "j-1";
  const auto result = c.verify();
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->acr, "gold");
  EXPECT_EQ(result->amr, (std::vector<std::string>{"pwd", "otp"}));
  EXPECT_EQ(result->sid, "upstream-session");
  EXPECT_EQ(result->auth_time, from_epoch_seconds(kNow - 60));
  EXPECT_EQ(result->session_expiry, from_epoch_seconds(kNow + 3600));
  EXPECT_EQ(result->replay_id, "jti:j-1");
}

TEST(VerifyIdToken, KeepsEveryDigitOfTheClaims) {
  Case c = back();
  c.token.raw_payload = js::serialize(c.token.claims);
  c.token.raw_payload.insert(1, R"("big":123456789012345678901234567890,)");
  const auto result = c.verify();
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->claims.contains("123456789012345678901234567890"));
}

struct Spoiled {
  const char* name;
  void (*spoil)(Case&);
  IdTokenCheck want;
};

template <auto Make>
void expect_refusals(std::initializer_list<Spoiled> rows) {
  for (const Spoiled& row : rows) {
    SCOPED_TRACE(row.name);
    Case c = Make();
    ASSERT_TRUE(c.verify().has_value());
    row.spoil(c);
    const auto result = c.verify();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().check, row.want) << rule_of(result.error().check) << ": " << result.error().received;
  }
}

Case make_back() { return back(); }
Case make_front() { return front(); }
Case make_templated() { return templated(R"({"allowed_tenant_ids":["0a1b2c3d-0000-4000-8000-00000000000f"]})"); }

std::string replace_header(const std::string& compact, std::string_view header) {
  return base64url_encode(header) + compact.substr(compact.find('.'));
}

// One row or more for every row of login-runtime §2.9.
TEST(VerifyIdToken, RefusesATokenWithOneThingWrong) {
  expect_refusals<make_back>({
      {"V1 two parts", [](Case& c) { c.tamper = [](std::string t) { return t.substr(0, t.rfind('.')); }; },
       IdTokenCheck::shape},
      {"V1 five parts", [](Case& c) { c.tamper = [](std::string t) { return t + ".a.b"; }; }, IdTokenCheck::encrypted},
      {"V1 longer than 64 KiB", [](Case& c) { c.token.claims["x"] = std::string(64 * 1024, 'x'); },
       IdTokenCheck::shape},
      {"V1 padded base64", [](Case& c) { c.tamper = [](std::string t) { return t + "="; }; }, IdTokenCheck::shape},
      {"V1 payload no object", [](Case& c) { c.token.raw_payload = "[]"; }, IdTokenCheck::shape},
      {"V1 payload no JSON", [](Case& c) { c.token.raw_payload = "x"; }, IdTokenCheck::shape},
      {"V1 duplicate claim", [](Case& c) { c.token.raw_payload = R"({"sub":"a","sub":"b"})"; }, IdTokenCheck::shape},
      {"V1 duplicate header member",
       [](Case& c) { c.tamper = [](std::string t) { return replace_header(t, R"({"alg":"ES256","alg":"ES256"})"); }; },
       IdTokenCheck::shape},
      {"V1 crit", [](Case& c) { c.token.header["crit"] = js::array{"exp"}; }, IdTokenCheck::shape},

      {"V2 none", [](Case& c) { c.token.header["alg"] = "none"; }, IdTokenCheck::algorithm},
      {"V2 None", [](Case& c) { c.token.header["alg"] = "None"; }, IdTokenCheck::algorithm},
      {"V2 NONE", [](Case& c) { c.token.header["alg"] = "NONE"; }, IdTokenCheck::algorithm},
      {"V2 HS256", [](Case& c) { c.token.header["alg"] = "HS256"; }, IdTokenCheck::algorithm},
      {"V2 no alg", [](Case& c) { c.token.header.erase("alg"); }, IdTokenCheck::algorithm},
      {"V2 not listed by the provider", [](Case& c) { c.token.header["alg"] = "PS256"; }, IdTokenCheck::algorithm},
      {"V2 outside the seven", [](Case& c) { c.connection.upstream.id_token_algorithms = {"EdDSA"}; },
       IdTokenCheck::algorithm},
      {"V2 empty list", [](Case& c) { c.connection.upstream.id_token_algorithms.clear(); }, IdTokenCheck::algorithm},
      {"V2 logout token", [](Case& c) { c.token.header["typ"] = "logout+jwt"; }, IdTokenCheck::type},
      {"V2 access token", [](Case& c) { c.token.header["typ"] = "application/at+jwt"; }, IdTokenCheck::type},
      {"V2 revocation token", [](Case& c) { c.token.header["typ"] = "global-token-revocation+jwt"; },
       IdTokenCheck::type},

      {"V3 unknown kid", [](Case& c) { c.token.header["kid"] = "other"; }, IdTokenCheck::unknown_key},
      {"V3 key of another type", [](Case& c) { c.token.header["kid"] = "rsa-1"; }, IdTokenCheck::unknown_key},
      {"V3 no key fits",
       [](Case& c) {
         c.token.header.erase("kid");
         c.keys = key_set_of({&rsa_key()});
       },
       IdTokenCheck::unknown_key},
      {"V3 another key of the same kid", [](Case& c) { c.token.key = stranger(); }, IdTokenCheck::signature},
      {"V3 changed payload",
       [](Case& c) {
         c.tamper = [](std::string t) {
           const auto first = t.find('.'), last = t.rfind('.');
           return t.substr(0, first + 1) + base64url_encode(R"({"sub":"admin"})") + t.substr(last);
         };
       },
       IdTokenCheck::signature},
      {"V3 empty signature", [](Case& c) { c.tamper = [](std::string t) { return t.substr(0, t.rfind('.') + 1); }; },
       IdTokenCheck::signature},
      {"V3 algorithm changed to one of another key type",
       [](Case& c) { c.tamper = [](std::string t) { return replace_header(t, R"({"alg":"RS256","kid":"ec-1"})"); }; },
       IdTokenCheck::unknown_key},

      {"V4 other issuer", [](Case& c) { c.token.claims["iss"] = "https://evil.example"; }, IdTokenCheck::issuer},
      {"V4 slash added", [](Case& c) { c.token.claims["iss"] = "https://idp.example/"; }, IdTokenCheck::issuer},
      {"V4 upper case", [](Case& c) { c.token.claims["iss"] = "https://IDP.example"; }, IdTokenCheck::issuer},
      {"V4 no issuer", [](Case& c) { c.token.claims.erase("iss"); }, IdTokenCheck::issuer},
      {"V4 issuer list", [](Case& c) { c.token.claims["iss"] = js::array{"https://idp.example"}; },
       IdTokenCheck::issuer},
      {"V4 no issuer configured",
       [](Case& c) {
         c.connection.upstream.issuer.clear();
         c.token.claims["iss"] = "";
       },
       IdTokenCheck::issuer},

      {"V5 other audience", [](Case& c) { c.token.claims["aud"] = "client-2"; }, IdTokenCheck::audience},
      {"V5 no audience", [](Case& c) { c.token.claims.erase("aud"); }, IdTokenCheck::audience},
      {"V5 empty list", [](Case& c) { c.token.claims["aud"] = js::array{}; }, IdTokenCheck::audience},
      {"V5 list without us", [](Case& c) { c.token.claims["aud"] = js::array{"x", "y"}; }, IdTokenCheck::audience},
      {"V5 list with a stranger",
       [](Case& c) {
         c.token.claims["aud"] = js::array{"client-1", "x"};
         c.token.claims["azp"] = "client-1";
       },
       IdTokenCheck::audience},
      {"V5 list with a number", [](Case& c) { c.token.claims["aud"] = js::array{"client-1", 1}; },
       IdTokenCheck::audience},
      {"V5 object", [](Case& c) { c.token.claims["aud"] = js::object{{"client-1", true}}; }, IdTokenCheck::audience},

      {"V6 other azp", [](Case& c) { c.token.claims["azp"] = "client-2"; }, IdTokenCheck::authorized_party},
      {"V6 azp of another type", [](Case& c) { c.token.claims["azp"] = 1; }, IdTokenCheck::authorized_party},
      {"V6 null azp", [](Case& c) { c.token.claims["azp"] = nullptr; }, IdTokenCheck::authorized_party},
      {"V6 several audiences and no azp",
       [](Case& c) {
         c.connection.upstream.trusted_audiences = {"x"};
         c.token.claims["aud"] = js::array{"client-1", "x"};
       },
       IdTokenCheck::authorized_party},

      {"V7 no sub", [](Case& c) { c.token.claims.erase("sub"); }, IdTokenCheck::subject},
      {"V7 empty sub", [](Case& c) { c.token.claims["sub"] = ""; }, IdTokenCheck::subject},
      {"V7 number", [](Case& c) { c.token.claims["sub"] = 7; }, IdTokenCheck::subject},
      {"V7 too long", [](Case& c) { c.token.claims["sub"] = std::string(513, 's'); }, IdTokenCheck::subject},
      {"V7 NUL", [](Case& c) { c.token.claims["sub"] = std::string("a\0b", 3); }, IdTokenCheck::subject},

      {"V8 no exp", [](Case& c) { c.token.claims.erase("exp"); }, IdTokenCheck::expiry},
      {"V8 text", [](Case& c) { c.token.claims["exp"] = "1900000000"; }, IdTokenCheck::expiry},
      {"V8 expired", [](Case& c) { c.token.claims["exp"] = kNow - 60; }, IdTokenCheck::expired},

      {"V9 no iat", [](Case& c) { c.token.claims.erase("iat"); }, IdTokenCheck::issue_time},
      {"V9 text", [](Case& c) { c.token.claims["iat"] = "1"; }, IdTokenCheck::issue_time},
      {"V9 future", [](Case& c) { c.token.claims["iat"] = kNow + 61; }, IdTokenCheck::issued_in_future},
      {"V9 a day old", [](Case& c) { c.token.claims["iat"] = kNow - 86401; }, IdTokenCheck::issued_too_early},

      {"V10 not yet valid", [](Case& c) { c.token.claims["nbf"] = kNow + 61; }, IdTokenCheck::not_before},
      {"V10 text", [](Case& c) { c.token.claims["nbf"] = "1"; }, IdTokenCheck::not_before},
      {"V10 null", [](Case& c) { c.token.claims["nbf"] = nullptr; }, IdTokenCheck::not_before},

      {"V11 other nonce", [](Case& c) { c.token.claims["nonce"] = "nonce-of-this-logiN"; }, IdTokenCheck::nonce},
      {"V11 longer nonce", [](Case& c) { c.token.claims["nonce"] = "nonce-of-this-login2"; }, IdTokenCheck::nonce},
      {"V11 nonce of another type", [](Case& c) { c.token.claims["nonce"] = 1; }, IdTokenCheck::nonce},
      {"V11 null nonce", [](Case& c) { c.token.claims["nonce"] = nullptr; }, IdTokenCheck::nonce},
      {"V11 no nonce, plain PKCE",
       [](Case& c) {
         c.token.claims.erase("nonce");
         c.context.challenge_method = "plain";
       },
       IdTokenCheck::nonce_missing},
      {"V11 no nonce, no PKCE",
       [](Case& c) {
         c.token.claims.erase("nonce");
         c.context.challenge_method = "";
       },
       IdTokenCheck::nonce_missing},
      {"V11 no nonce, S256 not advertised",
       [](Case& c) {
         c.token.claims.erase("nonce");
         c.connection.upstream.challenge_methods_advertised.clear();
       },
       IdTokenCheck::nonce_missing},
      {"V11 no nonce, but demanded",
       [](Case& c) {
         c.token.claims.erase("nonce");
         c.connection.upstream.send_nonce = true;
       },
       IdTokenCheck::nonce_missing},
      {"V11 empty nonces",
       [](Case& c) {
         c.token.claims["nonce"] = "";
         c.context.nonce = "";
       },
       IdTokenCheck::nonce},

      {"V13 other access token",
       [](Case& c) { c.token.claims["at_hash"] = jose::token_hash(SignatureAlgorithm::ES256, "other"); },
       IdTokenCheck::access_token_hash},
      {"V13 number", [](Case& c) { c.token.claims["at_hash"] = 1; }, IdTokenCheck::access_token_hash},

      {"V14 no auth_time",
       [](Case& c) {
         c.connection.upstream.strict_auth_time = true;
         c.context.max_age = 60s;
       },
       IdTokenCheck::auth_time_missing},
      {"V14 too old",
       [](Case& c) {
         c.connection.upstream.strict_auth_time = true;
         c.context.max_age = 60s;
         c.token.claims["auth_time"] = kNow - 121;
       },
       IdTokenCheck::auth_time},

      {"V15 missing", [](Case& c) { c.connection.upstream.session_expiry_supported = true; },
       IdTokenCheck::session_expiry},
      {"V15 text",
       [](Case& c) {
         c.connection.upstream.session_expiry_supported = true;
         c.token.claims["session_expiry"] = "1900000000";
       },
       IdTokenCheck::session_expiry},
      {"V15 fraction",
       [](Case& c) {
         c.connection.upstream.session_expiry_supported = true;
         c.token.claims["session_expiry"] = 1900000000.5;
       },
       IdTokenCheck::session_expiry},
      {"V15 milliseconds",
       [](Case& c) {
         c.connection.upstream.session_expiry_supported = true;
         c.token.claims["session_expiry"] = 10'000'000'000;
       },
       IdTokenCheck::session_expiry},
      {"V15 past",
       [](Case& c) {
         c.connection.upstream.session_expiry_supported = true;
         c.token.claims["session_expiry"] = kNow;
       },
       IdTokenCheck::session_expired},
  });
}

TEST(VerifyIdToken, RefusesAFrontChannelTokenWithOneThingWrong) {
  expect_refusals<make_front>({
      {"V9 older than the sign-in", [](Case& c) { c.token.claims["iat"] = kNow - 20 - 60 - 601; },
       IdTokenCheck::issued_too_early},
      {"V11 no nonce", [](Case& c) { c.token.claims.erase("nonce"); }, IdTokenCheck::nonce_missing},
      {"V11 other nonce", [](Case& c) { c.token.claims["nonce"] = "x"; }, IdTokenCheck::nonce},
      {"V11 never switched off",
       [](Case& c) {
         c.connection.upstream.send_nonce = false;
         c.token.claims.erase("nonce");
       },
       IdTokenCheck::nonce_missing},
  });
}

TEST(VerifyIdToken, RefusesATemplatedIssuerWithOneThingWrong) {
  expect_refusals<make_templated>({
      {"V16 no tid", [](Case& c) { c.token.claims.erase("tid"); }, IdTokenCheck::tenant},
      {"V16 tid in upper case", [](Case& c) { c.token.claims["tid"] = "0A1B2C3D-0000-4000-8000-00000000000F"; },
       IdTokenCheck::tenant},
      {"V16 tid no GUID", [](Case& c) { c.token.claims["tid"] = "common"; }, IdTokenCheck::tenant},
      {"V16 foreign tid",
       [](Case& c) {
         c.token.claims["tid"] = "11111111-0000-4000-8000-00000000000f";
         c.token.claims["iss"] = "https://login.microsoftonline.com/11111111-0000-4000-8000-00000000000f/v2.0";
       },
       IdTokenCheck::tenant},
      {"V4 issuer of another tenant than tid",
       [](Case& c) {
         c.token.claims["iss"] = "https://login.microsoftonline.com/11111111-0000-4000-8000-00000000000f/v2.0";
       },
       IdTokenCheck::issuer},
      {"V4 the template itself",
       [](Case& c) { c.token.claims["iss"] = "https://login.microsoftonline.com/{tenantid}/v2.0"; },
       IdTokenCheck::issuer},
      {"V3 key of another issuer",
       [](Case& c) {
         js::object jwk = ec_key().jwk();
         jwk["issuer"] = "https://login.microsoftonline.com/11111111-0000-4000-8000-00000000000f/v2.0";
         c.keys = js::serialize(js::object{{"keys", js::array{jwk}}});
       },
       IdTokenCheck::key_issuer},
  });
}

TEST(VerifyIdToken, TakesKeysOfATemplatedIssuer) {
  for (const std::string& issuer : {std::string("https://login.microsoftonline.com/{tenantid}/v2.0"),
                                    std::string("https://login.microsoftonline.com/") + kTid + "/v2.0"}) {
    Case c = templated();
    js::object jwk = ec_key().jwk();
    jwk["issuer"] = issuer;
    c.keys = js::serialize(js::object{{"keys", js::array{jwk}}});
    EXPECT_TRUE(c.verify().has_value()) << issuer;
  }
}

struct Variant {
  const char* name;
  void (*change)(Case&);
};

// The other side of each limit.
TEST(VerifyIdToken, AcceptsWhatIsStillRight) {
  const Variant rows[] = {
      {"V2 no typ", [](Case& c) { c.token.header.erase("typ"); }},
      {"V2 typ in lower case", [](Case& c) { c.token.header["typ"] = "jwt"; }},
      {"V5 list with us only", [](Case& c) { c.token.claims["aud"] = js::array{"client-1"}; }},
      {"V5 trusted audience",
       [](Case& c) {
         c.connection.upstream.trusted_audiences = {"x"};
         c.token.claims["aud"] = js::array{"client-1", "x"};
         c.token.claims["azp"] = "client-1";
       }},
      {"V6 azp is us", [](Case& c) { c.token.claims["azp"] = "client-1"; }},
      {"V7 255 bytes", [](Case& c) { c.token.claims["sub"] = std::string(255, 's'); }},
      {"V8 within leeway", [](Case& c) { c.token.claims["exp"] = kNow - 59; }},
      {"V8 fraction", [](Case& c) { c.token.claims["exp"] = kNow + 0.5; }},
      {"V8 far away", [](Case& c) { c.token.claims["exp"] = 1e300; }},
      {"V9 within leeway", [](Case& c) { c.token.claims["iat"] = kNow + 60; }},
      {"V9 nearly a day", [](Case& c) { c.token.claims["iat"] = kNow - 86400; }},
      {"V10 within leeway", [](Case& c) { c.token.claims["nbf"] = kNow + 60; }},
      {"V13 right hash",
       [](Case& c) { c.token.claims["at_hash"] = jose::token_hash(SignatureAlgorithm::ES256, "access-token"); }},
      {"V13 no access token",
       [](Case& c) {
         c.token.claims["at_hash"] = "x";
         c.context.access_token.clear();
       }},
      {"V14 not strict", [](Case& c) { c.context.max_age = 60s; }},
      {"V14 max_age not sent", [](Case& c) { c.connection.upstream.strict_auth_time = true; }},
      {"V14 recent",
       [](Case& c) {
         c.connection.upstream.strict_auth_time = true;
         c.context.max_age = 60s;
         c.token.claims["auth_time"] = kNow - 120;
       }},
      {"V15 not asked for", [](Case& c) { c.token.claims["session_expiry"] = 1; }},
  };
  for (const Variant& row : rows) {
    SCOPED_TRACE(row.name);
    Case c = back();
    row.change(c);
    const auto result = c.verify();
    ASSERT_TRUE(result.has_value()) << rule_of(result.error().check) << ": " << result.error().received;
    EXPECT_TRUE(result->warnings.empty());
  }
  Case c = front();
  c.token.claims["iat"] = kNow - 20 - 60 - 600;
  c.token.claims["at_hash"] = "not used, so not checked";
  EXPECT_TRUE(c.verify().has_value());
}

TEST(VerifyIdToken, AcceptsWithAWarning) {
  const Variant rows[] = {
      {"no nonce, but S256 as advertised", [](Case& c) { c.token.claims.erase("nonce"); }},
      {"nonce switched off",
       [](Case& c) {
         c.connection.upstream.send_nonce = false;
         c.token.claims.erase("nonce");
         c.context.nonce.clear();
       }},
      {"nonce switched off, but one came",
       [](Case& c) {
         c.connection.upstream.send_nonce = false;
         c.context.nonce.clear();
       }},
      {"no kid", [](Case& c) { c.token.header.erase("kid"); }},
      {"long sub", [](Case& c) { c.token.claims["sub"] = std::string(512, 's'); }},
  };
  for (const Variant& row : rows) {
    SCOPED_TRACE(row.name);
    Case c = back();
    row.change(c);
    const auto result = c.verify();
    ASSERT_TRUE(result.has_value()) << rule_of(result.error().check) << ": " << result.error().received;
    EXPECT_EQ(result->warnings.size(), 1u);
  }
}

TEST(VerifyIdToken, TriesEveryKeyThatFitsATokenWithoutKid) {
  Case c = back();
  c.token.header.erase("kid");
  c.keys = key_set_of({&stranger(), &rsa_key(), &ec_key()});
  EXPECT_TRUE(c.verify().has_value());
}

TEST(VerifyIdToken, VerifiesRsa) {
  Case c = back();
  TokenBuilder rsa(rsa_key());
  rsa.claims = c.token.claims;
  c.token = rsa;
  EXPECT_TRUE(c.verify().has_value());
}

// T6, SEC-17: keys that the token brings along are never looked at.
TEST(VerifyIdToken, T6IgnoresKeysInTheHeader) {
  Case c = back();
  c.token.key = stranger();
  c.token.header["kid"] = "own";
  c.token.header["jwk"] = stranger().jwk();
  c.token.header["jku"] = "https://evil.example/jwks";
  c.token.header["x5u"] = "https://evil.example/cert";
  c.token.header["x5c"] = js::array{"MIIB"};
  ASSERT_FALSE(c.verify().has_value());
  EXPECT_EQ(c.verify().error().check, IdTokenCheck::unknown_key);
  c.token.header["kid"] = "ec-1";
  EXPECT_EQ(c.verify().error().check, IdTokenCheck::signature);
}

TEST(VerifyIdToken, NamesATokenApartFromItsSignature) {
  Case c = front();
  const auto first = c.verify(), second = c.verify();  // ECDSA signs differently each time
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->replay_id, second->replay_id);
  c.token.claims["sub"] = "sub-2";
  EXPECT_NE(c.verify()->replay_id, first->replay_id);
}

}  // namespace
}  // namespace symbolon::upstream
