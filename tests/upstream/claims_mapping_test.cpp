#include "upstream/claims_mapping.h"

#include <gtest/gtest.h>

#include "upstream/attribute_names.h"
#include "upstream/profile_rules.h"
#include "upstream/sample_connection.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;

ProvenIdentity person(std::string claims, std::string subject = "sub-1") {
  ProvenIdentity identity;
  identity.issuer = "https://idp.example";
  identity.subject = std::move(subject);
  identity.claims = std::move(claims);
  identity.access_token = "ACCESS-TOKEN-CANARY";
  return identity;
}

MappedProfile map(const model::Connection& connection, const ProvenIdentity& identity) {
  auto mapped = map_claims(connection, identity);
  EXPECT_TRUE(mapped.has_value()) << (mapped ? "" : mapped.error().received);
  return mapped ? *mapped : MappedProfile();
}

js::object profile(const model::Connection& connection, const ProvenIdentity& identity) {
  return object_of(map(connection, identity).profile);
}

model::Connection mapping(const std::string& attributes, const std::string& more = "") {
  return back_channel(R"({"attribute_map":{"mapping_mode":"use_map","attributes":)" + attributes + "}" + more + "}");
}

std::string note_of(const MappedProfile& mapped, std::string_view name) {
  for (const MappedAttribute& entry : mapped.trace)
    if (entry.name == name) return entry.note;
  return "(none)";
}

constexpr const char* kClaims =
    R"({"iss":"https://idp.example","sub":"sub-1","aud":"client-1","exp":1,"iat":1,"nonce":"n",
  "sid":"s","at_hash":"h","email":"Ada@Example.com","email_verified":true,"name":"Ada Lovelace","given_name":"Ada",
  "family_name":"Lovelace","nickname":"ada","picture":"https://p.example/a.png","locale":"en","department":{"id":7},
  "groups":["a"],"roles":["b"],"acr":"gold","sip_x":"y","app_metadata":{"admin":true},"phone_number":"+441"})";

TEST(MapClaims, BindsAllClaimsButThoseOfTheProtocolAndRestrictedOnes) {
  const MappedProfile mapped = map(back_channel(), person(kClaims));
  EXPECT_EQ(object_of(mapped.profile),
            object_of(R"({"email":"Ada@Example.com","email_verified":true,"name":"Ada Lovelace",
    "given_name":"Ada","family_name":"Lovelace","nickname":"ada","picture":"https://p.example/a.png","locale":"en",
    "department":{"id":7},"phone_number":"+441"})"));
  EXPECT_EQ(mapped.email, "Ada@Example.com");
  EXPECT_TRUE(mapped.email_verified);
  EXPECT_EQ(mapped.login_only, "");
  EXPECT_EQ(note_of(mapped, "groups"), "restricted name, skipped");
  EXPECT_EQ(note_of(mapped, "app_metadata"), "restricted name, skipped");
  EXPECT_EQ(note_of(mapped, "sip_x"), "restricted name, skipped");
  EXPECT_EQ(note_of(mapped, "email"), "");
  EXPECT_EQ(note_of(mapped, "nonce"), "(none)");
}

TEST(MapClaims, CopiesTheBasicProfileOnly) {
  const auto connection = back_channel(R"({"attribute_map":{"mapping_mode":"basic_profile"}})");
  const auto mapped = profile(connection, person(kClaims));
  EXPECT_FALSE(mapped.contains("department"));
  EXPECT_EQ(mapped.at("locale"), "en");
  EXPECT_EQ(mapped.at("phone_number"), "+441");
}

TEST(MapClaims, BuildsOnlyWhatTheMapSays) {
  const auto connection = mapping(R"({"name":"${context.tokenset.given_name}","email":"${context.tokenset.email}",
    "email_verified":"${context.tokenset.email_verified}","dept":"${context.tokenset.department}","via":"${context.connection.name}/${context.connection.strategy}",
    "fixed":{"a":[1,true,"${context.tokenset.locale}","${context.tokenset.none}"],"b":"${context.tokenset.none}"},
    "missing":"${context.tokenset.none}","sub":"x","user_id":"oidc|acme|admin","roles":["admin"]})");
  const MappedProfile mapped = map(connection, person(kClaims));
  EXPECT_EQ(object_of(mapped.profile), object_of(R"({"name":"Ada","email":"Ada@Example.com","email_verified":true,
    "dept":{"id":7},"via":"acme/oidc","fixed":{"a":[1,true,"en"]},"nickname":"Ada"})"));
  EXPECT_EQ(note_of(mapped, "missing"), "empty");
  EXPECT_EQ(note_of(mapped, "roles"), "restricted name, skipped");
  EXPECT_EQ(note_of(mapped, "user_id"), "restricted name, skipped");
  EXPECT_EQ(note_of(mapped, "nickname"), "made up");
}

// T7: an address taken from elsewhere never borrows the verdict on another one.
TEST(MapClaims, T7DoesNotVerifyAnAddressThatWasMappedFromElsewhere) {
  const auto connection = mapping(R"({"email":"${context.tokenset.upn}"})");
  const MappedProfile mapped =
      map(connection,
          person(R"({"sub":"sub-1","upn":"admin@victim.example","email":"me@evil.example","email_verified":true})"));
  EXPECT_EQ(mapped.email, "admin@victim.example");
  EXPECT_FALSE(mapped.email_verified);

  const MappedProfile of_user = map(
      oauth2_connection(R"({"attribute_map":{"mapping_mode":"bind_all","attributes":{"email":"${context.userinfo.mail}"}}})"),
      person(R"({"id":7,"mail":"admin@victim.example","email":"me@evil.example","email_verified":true})", "7"));
  EXPECT_EQ(of_user.email, "admin@victim.example");
  EXPECT_FALSE(of_user.email_verified);
}

TEST(MapClaims, T7VerifiesNothingButWhatTheProviderSaysInTheRightForm) {
  struct Row {
    const char* value;
    bool verified;
  } const rows[] = {{"true", true}, {"\"true\"", true},  {"false", false}, {"\"false\"", false}, {"0", false},
                    {"1", false},   {"\"TRUE\"", false}, {"null", false},  {"[true]", false},    {"{}", false}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.value);
    const auto claims = std::string(R"({"email":"a@b.example","email_verified":)") + row.value + "}";
    EXPECT_EQ(map(back_channel(), person(claims)).email_verified, row.verified);
    EXPECT_EQ(map(back_channel(R"({"email_verified_mode":"always"})"), person(claims)).email_verified, true);
    EXPECT_EQ(map(back_channel(R"({"email_verified_mode":"never"})"), person(claims)).email_verified, false);
  }
  EXPECT_FALSE(map(back_channel(), person(R"({"email":"a@b.example"})")).email_verified);
  EXPECT_FALSE(
      map(back_channel(R"({"email_verified_mode":"always"})"), person(R"({"email_verified":true})")).email_verified);
}

TEST(MapClaims, DropsWhatIsNotValid) {
  struct Row {
    const char* claims;
    const char* name;
  } const rows[] = {
      {R"({"email":"not an address"})", "email"},
      {R"({"email":["a@b.example"]})", "email"},
      {R"({"picture":"http://p.example/a.png"})", "picture"},
      {R"x({"picture":"javascript:alert(1)"})x", "picture"},
      {R"({"picture":{"url":"https://p.example"}})", "picture"},
      {R"({"given_name":7})", "given_name"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.claims);
    const MappedProfile mapped = map(back_channel(), person(row.claims));
    EXPECT_FALSE(object_of(mapped.profile).contains(row.name));
    EXPECT_EQ(note_of(mapped, row.name), "not valid, dropped");
    EXPECT_FALSE(mapped.warnings.empty());
  }
}

TEST(MapClaims, NeverTakesAnotherClaimForTheAddress) {
  const MappedProfile mapped =
      map(back_channel(), person(R"({"upn":"a@b.example","preferred_username":"c@d.example"})"));
  EXPECT_EQ(mapped.email, "");
  EXPECT_EQ(mapped.username, "c@d.example");
  ASSERT_EQ(mapped.warnings.size(), 1u);
  EXPECT_TRUE(mapped.warnings[0].starts_with("email is missing."));
  EXPECT_TRUE(mapped.warnings[0].contains("ID token"));
}

TEST(MapClaims, MissesTheAddressWhereAnOauth2ProviderWouldTellIt) {
  const MappedProfile mapped = map(oauth2_connection(), person(R"({"id":7,"login":"ada"})"));
  ASSERT_EQ(mapped.warnings.size(), 1u);
  EXPECT_TRUE(mapped.warnings[0].contains("The user endpoint's answer has no member email"));
  EXPECT_FALSE(mapped.warnings[0].contains("ID token"));
}

TEST(MapClaims, MakesUpNameAndNickname) {
  struct Row {
    const char* claims;
    const char* name;
    const char* nickname;
  } const rows[] = {
      {R"({"name":"N","nickname":"K","email":"a@b.example"})", "N", "K"},
      {R"({"given_name":"Ada","family_name":"L","email":"a@b.example"})", "Ada L", "a"},
      {R"({"given_name":"Ada"})", "Ada", "sub-1"},
      {R"({"preferred_username":"ada","email":"x@b.example"})", "ada", "x"},
      {R"({"preferred_username":"ada"})", "ada", "ada"},
      {R"({"email":"x@b.example"})", "x@b.example", "x"},
      {R"({"name":"  ","nickname":null})", "sub-1", "sub-1"},
      {R"({})", "sub-1", "sub-1"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.claims);
    const auto mapped = profile(back_channel(), person(row.claims));
    EXPECT_EQ(mapped.at("name"), row.name);
    EXPECT_EQ(mapped.at("nickname"), row.nickname);
  }
}

TEST(MapClaims, TrimsAndTurnsPhoneNumbersIntoText) {
  const auto mapped = profile(back_channel(), person(R"({"email":" a@b.example ","name":" Ada ","phone_number":441})"));
  EXPECT_EQ(mapped.at("email"), "a@b.example");
  EXPECT_EQ(mapped.at("name"), "Ada");
  EXPECT_EQ(mapped.at("phone_number"), "441");
}

TEST(MapClaims, KeepsSomeAttributesForThisLoginOnly) {
  const auto connection = back_channel(R"({"non_persistent_attrs":["department","name","nickname","email","absent"]})");
  const MappedProfile mapped = map(connection, person(kClaims));
  const auto stored = object_of(mapped.profile);
  for (const char* name : {"department", "name", "nickname", "email", "email_verified"})
    EXPECT_FALSE(stored.contains(name)) << name;
  EXPECT_EQ(object_of(mapped.login_only),
            object_of(R"({"department":{"id":7},"name":"Ada Lovelace","nickname":"ada","email":"Ada@Example.com"})"));
  EXPECT_EQ(mapped.email, "");
  EXPECT_FALSE(mapped.email_verified);
  EXPECT_EQ(note_of(mapped, "department"), "not stored");
}

TEST(MapClaims, LetsNoUnstoredAttributeComeBackThroughAnother) {
  const auto connection = back_channel(R"({"non_persistent_attrs":["email","preferred_username"]})");
  const MappedProfile mapped = map(connection, person(R"({"email":"a@b.example","preferred_username":"ada"})"));
  EXPECT_EQ(object_of(mapped.profile), object_of(R"({"name":"sub-1","nickname":"sub-1"})"));
  EXPECT_EQ(mapped.username, "");
}

TEST(MapClaims, StoresTheAddressThatAccountsAreLinkedBy) {
  const auto connection = back_channel(
      R"({"non_persistent_attrs":["email"],"provider_options":{"autoLinking":"AUTO_LINKING_OPTION_EMAIL"}})");
  EXPECT_EQ(map(connection, person(kClaims)).email, "Ada@Example.com");
}

TEST(MapClaims, ReadsUserinfo) {
  const auto connection = mapping(R"({"name":"${context.userinfo.name}","phone":"${context.userinfo.tel}"})");
  ProvenIdentity identity = person(kClaims);
  identity.userinfo = R"({"sub":"sub-1","name":"From Userinfo","tel":"1"})";
  const auto mapped = profile(connection, identity);
  EXPECT_EQ(mapped.at("name"), "From Userinfo");
  EXPECT_EQ(mapped.at("phone"), "1");
}

TEST(MapClaims, FailsWhenARootAttributeNeedsUserinfoThatIsNotThere) {
  for (const char* attribute : {"name", "email", "picture"}) {
    const auto connection = mapping(std::string("{\"") + attribute + R"(":"x ${context.userinfo.y}"})");
    const auto mapped = map_claims(connection, person(kClaims));
    ASSERT_FALSE(mapped.has_value()) << attribute;
    EXPECT_EQ(mapped.error().rule, "RP-67");
    EXPECT_EQ(mapped.error().step, "mapping");
  }
  EXPECT_TRUE(map_claims(mapping(R"({"other":"${context.userinfo.y}"})"), person(kClaims)).has_value());
}

TEST(MapClaims, LeavesUserinfoEmptyInTheFrontChannel) {
  const auto connection =
      front_channel(R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"name":"${context.userinfo.name}"}}})");
  ProvenIdentity identity = person(kClaims);
  identity.access_token.clear();
  const MappedProfile mapped = map(connection, identity);
  EXPECT_EQ(object_of(mapped.profile).at("name"), "sub-1");
  EXPECT_TRUE(
      std::ranges::any_of(mapped.warnings, [](const std::string& text) { return text.contains("front channel"); }));
}

TEST(MapClaims, ShowsNoTokenInTheTrace) {
  const auto connection =
      mapping(R"({"token":"${context.tokenset.access_token}","in":"x ${context.tokenset.access_token}"})");
  const MappedProfile mapped = map(connection, person(kClaims));
  EXPECT_EQ(object_of(mapped.profile).at("token"), "ACCESS-TOKEN-CANARY");
  for (const MappedAttribute& entry : mapped.trace) EXPECT_FALSE(entry.value.contains("CANARY")) << entry.name;
}

TEST(MapClaims, RefusesAProfileThatIsTooLarge) {
  const std::string big(40'000, 'x');
  const auto connection =
      mapping(R"({"a":"${context.tokenset.big}","b":"${context.tokenset.big}","c":"${context.tokenset.big}"})");
  const auto mapped = map_claims(connection, person(R"({"big":")" + big + "\"}"));
  ASSERT_FALSE(mapped.has_value());
  EXPECT_EQ(mapped.error().rule, "RP-72");
  EXPECT_EQ(mapped.error().downstream.code, model::OAuthCode::server_error);
}

TEST(MapClaims, GuessesWhatAnOauth2ProviderMeans) {
  const MappedProfile github = map(oauth2_connection(), person(R"({"id":7,"login":"ada","name":"Ada King Lovelace",
    "avatar_url":"https://p.example/a.png","email":"a@b.example","verified_email":"true","plan":{"name":"pro"},"roles":["x"]})",
                                                               "7"));
  EXPECT_EQ(object_of(github.profile),
            object_of(R"({"name":"Ada King Lovelace","given_name":"Ada King","family_name":"Lovelace",
    "picture":"https://p.example/a.png","email":"a@b.example","email_verified":true,"preferred_username":"ada","nickname":"a"})"));
  EXPECT_EQ(github.username, "ada");
  EXPECT_TRUE(github.email_verified);

  const MappedProfile sparse =
      map(oauth2_connection(), person(R"({"id":"7","display_name":"  ","first_name":"Ada","last_name":"L"})", "7"));
  EXPECT_EQ(object_of(sparse.profile).at("name"), "Ada L");
  EXPECT_EQ(sparse.username, "7");
  EXPECT_EQ(map(oauth2_connection(), person(R"({"email":"a@b.example"})")).username, "a@b.example");
  EXPECT_EQ(map(oauth2_connection(), person(R"({"login":"l","username":"u"})")).username, "u");
}

TEST(MapClaims, LaysAnOauth2FieldsMapOverTheGuess) {
  const auto connection =
      oauth2_connection(R"({"fieldsMap":{"mail":"email","org.name":"company","flag":"email_verified"}})");
  const MappedProfile mapped =
      map(connection,
          person(R"({"id":7,"mail":"x@y.example","email":"other@y.example","org":{"name":"Acme"},"flag":true})"));
  EXPECT_EQ(mapped.email, "x@y.example");
  EXPECT_TRUE(mapped.email_verified);
  EXPECT_EQ(object_of(mapped.profile).at("company"), "Acme");
}

TEST(MapClaims, MapsAnOauth2UserByTemplates) {
  const auto connection = oauth2_connection(
      R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"name":"${context.userinfo.login}!"}}})");
  EXPECT_EQ(profile(connection, person(R"({"id":7,"login":"ada","email":"a@b.example"})")),
            object_of(R"({"name":"ada!","nickname":"sub-1"})"));
}

TEST(FindMappingError, NamesTheAttribute) {
  EXPECT_EQ(find_mapping_error(R"({"a":"${context.tokenset.b}","c":{"d":["${context.userinfo.e}",1,null]}})"),
            std::nullopt);
  const auto error = find_mapping_error(R"({"a":{"b":["{context.tokenset.c}"]}})");
  ASSERT_TRUE(error);
  EXPECT_EQ(*error, "attribute \"a\": a reference needs a dollar sign: ${context.…}, not {context.…}");
  EXPECT_TRUE(find_mapping_error("[]"));
  EXPECT_TRUE(find_mapping_error("{\"a\":1,\"a\":2}"));

  js::object many;
  for (int i = 0; i < 100; ++i) many["a" + std::to_string(i)] = i;
  EXPECT_FALSE(find_mapping_error(js::serialize(many)));
  many["one_more"] = 1;
  EXPECT_TRUE(find_mapping_error(js::serialize(many)));
}

TEST(IsEmailAddress, TakesAddressesOnly) {
  for (const char* good :
       {"a@b", "ada.lovelace+x@example.co.uk", "o'neil@example.com", "пример@пример.рф", "a@xn--p1ai"})
    EXPECT_TRUE(is_email_address(good)) << good;
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b c", "a@@b", "a@b..c", ".a@b", "a.@b", "a@b.", "<a@b>",
                          "a,b@c", "a@[1.2.3.4]", "a@b\n", "\xff@b"})
    EXPECT_FALSE(is_email_address(bad)) << bad;
  EXPECT_FALSE(is_email_address(std::string(65, 'a') + "@b.example"));
  EXPECT_FALSE(is_email_address("a@" + std::string(253, 'b')));
}

TEST(AttributeNames, FollowTheLists) {
  for (const char* name :
       {"sub", "iss", "x5t#S256", "sip_from", "user_id", "multifactor", "vtm", "acr", "internalService"})
    EXPECT_TRUE(is_restricted_attribute(name)) << name;
  for (const char* name : {"name", "email", "Sub", "sip", "department", "x5t"})
    EXPECT_FALSE(is_restricted_attribute(name)) << name;
}

}  // namespace
}  // namespace symbolon::upstream
