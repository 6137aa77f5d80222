#include "login_storm/options.h"

#include <gmock/gmock.h>

namespace symbolon::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

Options usable() {
  Options options;
  options.authorize_url = "http://127.0.0.1:1/authorize";
  options.token_url = "http://127.0.0.1:1/token";
  options.client.id = "app";
  options.client.secret = "secret";
  return options;
}

TEST(Options, AcceptsUsableOnes) { EXPECT_THAT(problems(usable()), ElementsAre()); }

TEST(Options, NamesWhatIsWrong) {
  const struct {
    const char* want;
    void (*spoil)(Options&);
  } rows[] = {
      {"--authorize-url", [](Options& o) { o.authorize_url = "https://a/authorize"; }},
      {"--token-url", [](Options& o) { o.token_url.clear(); }},
      {"--client-id", [](Options& o) { o.client.id.clear(); }},
      {"--client-secret", [](Options& o) { o.client.secret.clear(); }},
      {"--redirect-uri", [](Options& o) { o.client.redirect_uri.clear(); }},
      {"--stats-url: an absolute", [](Options& o) { o.meters = {.stats_url = "x", .stats_paths = {"a"}}; }},
      {"--stats-url, --stats-path", [](Options& o) { o.meters.stats_paths = {"a.b"}; }},
      {"--duration", [](Options& o) { o.load.duration = std::chrono::milliseconds(0); }},
      {"--client-auth", [](Options& o) { o.flow = Flow::client_credentials, o.client_auth = ClientAuth::none; }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.want);
    Options options = usable();
    row.spoil(options);
    EXPECT_THAT(problems(options), ElementsAre(StartsWith(row.want)));
  }
}

TEST(Options, NeedsNoBrokerForTheStubAlone) {
  Options options;
  options.stub.only = true;
  EXPECT_THAT(problems(options), ElementsAre());
}

TEST(Options, NeedsNoAuthorizationEndpointForClientCredentials) {
  Options options = usable();
  options.flow = Flow::client_credentials;
  options.authorize_url.clear();
  EXPECT_THAT(problems(options), ElementsAre());
}

TEST(Options, ReadsACommandLine) {
  const char* const words[] = {"login_storm",
                               "--flow",
                               "sso",
                               "--authorize-url",
                               "http://a/x",
                               "--token-url",
                               "http://a/t",
                               "--client-id",
                               "i",
                               "--client-secret",
                               "s",
                               "--param",
                               "connection=b",
                               "--param",
                               "prompt=login",
                               "--duration",
                               "1.5",
                               "--stub-alg",
                               "es256",
                               "--client-auth",
                               "basic",
                               "--pid",
                               "1",
                               "--pid",
                               "2"};
  const auto options = parse_options(std::size(words), words);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->flow, Flow::sso);
  EXPECT_EQ(options->load.duration, std::chrono::milliseconds(1500));
  EXPECT_EQ(options->stub.algorithm, SigningAlgorithm::es256);
  EXPECT_EQ(options->client_auth, ClientAuth::basic);
  EXPECT_EQ(options->authorize_parameters, (Parameters{{"connection", "b"}, {"prompt", "login"}}));
  EXPECT_EQ(options->second_client.id, "i");
  EXPECT_EQ(options->second_client.redirect_uri, options->client.redirect_uri);
  EXPECT_THAT(options->meters.pids, ElementsAre(1, 2));
}

TEST(Options, AnswersTwoToAMistake) {
  ::testing::internal::CaptureStderr();
  const char* const unknown[] = {"login_storm", "--nonsense"};
  EXPECT_EQ(parse_options(2, unknown).error(), 2);
  const char* const incomplete[] = {"login_storm"};
  EXPECT_EQ(parse_options(1, incomplete).error(), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), ::testing::HasSubstr("--token-url"));
}

}  // namespace
}  // namespace symbolon::bench
