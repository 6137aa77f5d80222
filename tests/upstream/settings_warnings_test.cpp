#include "upstream/settings_warnings.h"

#include <gtest/gtest.h>

#include "upstream/sample_connection.h"

namespace symbolon::upstream {
namespace {

constexpr std::string_view kNamesItself = R"({"authorization_response_iss_parameter_supported":true})";

std::string warnings_of(const model::Connection& connection, std::string_view metadata = "{}") {
  std::string out;
  for (const std::string& warning : find_settings_warnings(connection.upstream, merged(object_of(kMetadata), metadata)))
    out += warning + "\n";
  return out;
}

TEST(SettingsWarnings, FindsNothingInASoundConnection) {
  EXPECT_EQ(warnings_of(back_channel("{}", kNamesItself), kNamesItself), "");
  EXPECT_EQ(warnings_of(back_channel(R"({"callback_path":"/login/callback/{connection}"})")), "");
  EXPECT_EQ(warnings_of(front_channel()), "");
}

TEST(SettingsWarnings, NamesWeakSpots) {
  struct Row {
    const char* options;
    const char* metadata;
    const char* says;
  } const rows[] = {
      {R"({"token_endpoint_auth_method":"none"})", "{}", "no client secret"},
      {R"({"connection_settings":{"pkce":"disabled"}})", "{}", "used all the same"},
      {R"({"connection_settings":{"pkce":"disabled"}})", R"({"code_challenge_methods_supported":null})",
       "PKCE is disabled."},
      {R"({"connection_settings":{"pkce":"S256"}})", R"({"code_challenge_methods_supported":["plain"]})",
       "lists only plain"},
      {"{}", R"({"code_challenge_methods_supported":null})", "Entra ID"},
      {"{}", R"({"authorization_response_iss_parameter_supported":false})", "/login/callback/{connection}"},
      {R"({"send_back_channel_nonce":false})", "{}", "nonce"},
      {"{}", R"({"token_endpoint_auth_methods_supported":["private_key_jwt"]})", "does not list"},
      {R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"a":"${context.userinfo.b}"}}})",
       R"({"userinfo_endpoint":null})", "no userinfo endpoint"},
      {R"({"provider_options":{"autoLinking":"AUTO_LINKING_OPTION_EMAIL"}})", "{}", "proved to own"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.options);
    boost::json::object changes = object_of(row.metadata);
    changes.emplace("authorization_response_iss_parameter_supported", true);  // unless the row says otherwise
    const std::string metadata = boost::json::serialize(changes);
    const std::string found = warnings_of(back_channel(row.options, metadata), metadata);
    EXPECT_TRUE(found.contains(row.says)) << found;
    EXPECT_EQ(std::ranges::count(found, '\n'), 1) << found;
  }
  EXPECT_TRUE(
      warnings_of(
          front_channel(R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"a":"${context.userinfo.b}"}}})"))
          .contains("front channel"));
}

}  // namespace
}  // namespace symbolon::upstream
