#include "store/upstream_settings_fields.h"

#include <gtest/gtest.h>

#include "db/transaction.h"
#include "store/samples.h"
#include "support/same.h"

namespace symbolon::store {
namespace {

TEST(UpstreamSettingsFields, EveryMemberComesBack) {
  const model::UpstreamSettings full = sample_settings();
  ASSERT_EQ(unset_members(full), std::vector<std::size_t>()) << "the sample must fill every member";
  ASSERT_EQ(unset_members(full.first_contact), std::vector<std::size_t>());
  expect_same(settings_from_text(settings_to_text(full)), full);
}

TEST(UpstreamSettingsFields, FlagsKeepTheirValueWhicheverItIs) {
  model::UpstreamSettings settings = sample_settings();
  settings.send_nonce = true;
  settings.store_upstream_id_token = true;
  settings.auth_method_detected = false;
  expect_same(settings_from_text(settings_to_text(settings)), settings);
  settings.send_nonce.reset();
  EXPECT_FALSE(settings_from_text(settings_to_text(settings)).send_nonce);
}

TEST(UpstreamSettingsFields, ARowOfAnOlderVersionReads) {
  expect_same(settings_from_text("{}"), model::UpstreamSettings());
  expect_same(settings_from_text(settings_to_text({})), model::UpstreamSettings());
  EXPECT_EQ(settings_from_text(R"({"issuer":"https://a","of a later version":[1]})").issuer, "https://a");
}

TEST(UpstreamSettingsFields, RefusesWhatNobodyWrote) {
  for (const char* text : {"", "[]", R"({"issuer":1})", R"({"strategy":"saml"})", R"({"parameters":[{"name":7}]})",
                           R"({"first_contact":[]})"})
    EXPECT_THROW(settings_from_text(text), db::DatabaseError) << text;
}

TEST(UpstreamSettingsFields, OnlyWhatIsUnusualIsStored) {
  model::UpstreamSettings settings;
  EXPECT_EQ(settings_to_text(settings), "{}");
  settings.strategy = model::Strategy::oauth2;
  settings.issuer = "https://idp.example/";
  settings.store_upstream_id_token = false;
  EXPECT_EQ(settings_to_text(settings),
            R"({"strategy":"oauth2","issuer":"https://idp.example/","store_upstream_id_token":false})");
  settings.first_contact.trust_email = true;
  expect_same(settings_from_text(settings_to_text(settings)), settings);
}

// Rows keep these names for ever, and lack what had these values.
TEST(UpstreamSettingsFields, KeepTheirForm) {
  expect_same(settings_from_text(
                  R"({"strategy":"oidc","channel":"back_channel",)"
                  R"("auth_method":"client_secret_post","auth_method_detected":false,"assertion_algorithm":"RS256",)"
                  R"("assertion_audience_is_issuer":false,"pkce":"auto","iss_parameter_required":false,)"
                  R"("session_expiry_supported":false,"strict_auth_time":false,"mapping_mode":"bind_all",)"
                  R"("root_sync":"on_each_login","email_verified_mode":"from_idp","connection_scope_with_commas":false,)"
                  R"("first_contact":{"linking_allowed":false,"creation_allowed":true,"auto_creation":true,)"
                  R"("auto_update":true,"auto_linking":"unspecified","trust_email":false,"trust_username":false,)"
                  R"("stated":false},"store_upstream_id_token":true,"always_federated_logout":false,)"
                  R"("revoke_refresh_tokens_on_idp_logout":false,"bind_refresh_tokens_to_session_expiry":true})"),
              model::UpstreamSettings());

  model::UpstreamSettings settings;
  settings.auth_method_detected = true;
  settings.assertion_audience_is_issuer = true;
  settings.iss_parameter_required = true;
  settings.session_expiry_supported = true;
  settings.strict_auth_time = true;
  settings.connection_scope_with_commas = true;
  settings.first_contact.trust_email = true;
  settings.store_upstream_id_token = false;
  settings.always_federated_logout = true;
  settings.revoke_refresh_tokens_on_idp_logout = true;
  settings.bind_refresh_tokens_to_session_expiry = false;
  EXPECT_EQ(settings_to_text(settings),
            R"({"auth_method_detected":true,"assertion_audience_is_issuer":true,"iss_parameter_required":true,)"
            R"("session_expiry_supported":true,"strict_auth_time":true,"connection_scope_with_commas":true,)"
            R"("first_contact":{"linking_allowed":false,"creation_allowed":true,"auto_creation":true,)"
            R"("auto_update":true,"auto_linking":"unspecified","trust_email":true,"trust_username":false,)"
            R"("stated":false},"store_upstream_id_token":false,"always_federated_logout":true,)"
            R"("revoke_refresh_tokens_on_idp_logout":true,"bind_refresh_tokens_to_session_expiry":false})");
}

}  // namespace
}  // namespace symbolon::store
