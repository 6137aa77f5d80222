#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "login_storm/signer.h"
#include "login_storm/url.h"

namespace symbolon::bench {

enum class Flow {
  login,               ///< fresh browser, through the stub provider, to the token endpoint
  sso,                 ///< a browser that is signed in already comes for another client
  client_credentials,  ///< the token endpoint only
  refresh,             ///< the token endpoint only, following rotated refresh tokens
};

enum class ClientAuth { post, basic, none };

/// How starts are spread when a rate is set.
enum class Arrivals { poisson, even };

/// An application as the broker knows it.
struct ClientProfile {
  std::string id;
  std::string secret;
  std::string redirect_uri;
};

struct StubOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 9400;
  SigningAlgorithm algorithm = SigningAlgorithm::rs256;
  std::string key_file;  ///< empty: a fresh key for every run
  std::string client_id = "storm";
  std::string client_secret = "storm-secret";
  std::uint64_t people = 1000;
  bool only = false;  ///< serve until a signal comes, send no load

  std::string issuer() const { return "http://" + address + ":" + std::to_string(port); }
};

struct LoadOptions {
  unsigned concurrency = 32;
  double rate = 0;  ///< starts per second; 0: as fast as the broker answers
  Arrivals arrivals = Arrivals::poisson;
  std::chrono::milliseconds warm_up{3000};
  std::chrono::milliseconds duration{15000};
  std::uint64_t logins = 0;  ///< ends after so many instead of after `duration`; 0: no limit
  std::chrono::milliseconds timeout{10000};
  bool fresh_connections = false;
};

struct MeterOptions {
  std::vector<int> pids;
  std::string stats_url;
  std::vector<std::string> stats_paths;
  bool json = false;
};

/// Everything the command line says. Defaults live here and nowhere else.
struct Options {
  Flow flow = Flow::login;
  std::string authorize_url;
  std::string token_url;
  ClientProfile client{.id = {}, .secret = {}, .redirect_uri = "http://127.0.0.1:9/callback"};
  ClientProfile second_client;
  ClientAuth client_auth = ClientAuth::post;
  std::string scope = "openid profile email";
  std::string audience;
  Parameters authorize_parameters;
  bool browser_hops = false;
  StubOptions stub;
  LoadOptions load;
  MeterOptions meters;
};

/// Everything that makes `options` unusable, each in one sentence. Empty means usable.
std::vector<std::string> problems(const Options& options);

/// Reads the command line. On --help or a mistake it prints, and answers the exit status.
std::expected<Options, int> parse_options(int argc, const char* const* argv);

}  // namespace symbolon::bench
