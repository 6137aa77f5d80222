#include "login_storm/options.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "login_storm/stub_provider.h"

namespace symbolon::bench {
namespace {

template <class T>
CLI::CheckedTransformer one_of(std::map<std::string, T> names) {
  return CLI::CheckedTransformer(std::move(names), CLI::ignore_case);
}

/// A flag that takes seconds, with a fraction if need be.
void add_seconds(CLI::App& app, const std::string& name, std::chrono::milliseconds& target, const std::string& text) {
  const auto store = [&target](double seconds) {
    target = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  };
  app.add_option_function<double>(name, store, text)
      ->check(CLI::NonNegativeNumber)
      ->type_name("SECONDS")
      ->default_str(std::to_string(target.count() / 1000));
}

void add_target(CLI::App& app, Options& options, std::vector<std::string>& pairs) {
  app.add_option("--flow", options.flow, "what one login is: login, sso, client-credentials or refresh")
      ->transform(one_of<Flow>({{"login", Flow::login},
                                {"sso", Flow::sso},
                                {"client-credentials", Flow::client_credentials},
                                {"refresh", Flow::refresh}}));
  app.add_option("--authorize-url", options.authorize_url, "the broker's authorization endpoint");
  app.add_option("--token-url", options.token_url, "the broker's token endpoint");
  app.add_option("--param", pairs,
                 "name=value for the authorization request, for example connection=bench (repeatable)");
  app.add_option("--scope", options.scope, "requested scope")->capture_default_str();
  app.add_option("--audience", options.audience, "audience, sent with client-credentials");
  app.add_option("--client-id", options.client.id, "client id at the broker");
  app.add_option("--client-secret", options.client.secret, "its secret");
  app.add_option("--redirect-uri", options.client.redirect_uri, "its callback; never fetched")->capture_default_str();
  app.add_option("--client-auth", options.client_auth, "post, basic or none")
      ->transform(
          one_of<ClientAuth>({{"post", ClientAuth::post}, {"basic", ClientAuth::basic}, {"none", ClientAuth::none}}));
  app.add_option("--second-client-id", options.second_client.id, "the other client of --flow sso (default: the same)");
  app.add_option("--second-client-secret", options.second_client.secret, "its secret");
  app.add_option("--second-redirect-uri", options.second_client.redirect_uri, "its callback");
}

void add_load(CLI::App& app, LoadOptions& load) {
  app.add_option("-c,--concurrency", load.concurrency, "virtual browsers")
      ->check(CLI::Range(1U, StubProvider::kMaxTravellers))
      ->capture_default_str();
  app.add_option("--rate", load.rate, "starts per second (open loop); 0: as fast as answers come")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--arrivals", load.arrivals, "how --rate spreads them: poisson or even")
      ->transform(one_of<Arrivals>({{"poisson", Arrivals::poisson}, {"even", Arrivals::even}}));
  add_seconds(app, "--warm-up", load.warm_up, "time before counting begins");
  add_seconds(app, "-d,--duration", load.duration, "time that is counted");
  app.add_option("--logins", load.logins, "end after so many logins instead of after --duration");
  add_seconds(app, "--timeout", load.timeout, "limit for each HTTP exchange");
  app.add_flag("--fresh-connections", load.fresh_connections, "a new TCP connection for the browser of every login");
}

void add_stub(CLI::App& app, Options& options) {
  StubOptions& stub = options.stub;
  app.add_option("--stub-address", stub.address, "address of the stub provider")->capture_default_str();
  app.add_option("--stub-port", stub.port, "its port")->check(CLI::Range(1, 65535))->capture_default_str();
  app.add_option("--stub-alg", stub.algorithm, "how it signs ID tokens: RS256 or ES256")
      ->transform(one_of<SigningAlgorithm>({{"RS256", SigningAlgorithm::rs256}, {"ES256", SigningAlgorithm::es256}}));
  app.add_option("--stub-key", stub.key_file, "PEM file of its key, made when missing; default: a fresh key each run");
  app.add_option("--stub-client-id", stub.client_id, "the broker's client id at the stub")->capture_default_str();
  app.add_option("--stub-client-secret", stub.client_secret, "and its secret")->capture_default_str();
  app.add_option("--people", stub.people, "different people who sign in; 0: every login is somebody new")
      ->capture_default_str();
  app.add_flag("--stub-only", stub.only, "serve the stub provider until SIGINT or SIGTERM, send no load");
  app.add_flag("--browser-hops", options.browser_hops, "visit the stub by socket instead of calling it directly");
}

void add_meters(CLI::App& app, MeterOptions& meters) {
  app.add_option("--pid", meters.pids, "process whose CPU and memory are read (repeatable: they are added up)");
  app.add_option("--stats-url", meters.stats_url, "JSON document with the broker's counters");
  app.add_option("--stats-path", meters.stats_paths,
                 "counter in it, as a.b.c; its growth per login is shown (repeatable)");
  app.add_flag("--json", meters.json, "print JSON instead of a table");
}

bool needs_browser(Flow flow) { return flow != Flow::client_credentials; }

}  // namespace

std::vector<std::string> problems(const Options& options) {
  std::vector<std::string> found;
  if (options.stub.only) return found;
  const auto check_url = [&](const char* name, const std::string& url) {
    if (!parse_http_url(url))
      found.push_back(std::string(name) + ": an absolute http URL is needed, not \"" + url + "\"");
  };
  if (needs_browser(options.flow)) check_url("--authorize-url", options.authorize_url);
  check_url("--token-url", options.token_url);
  if (options.client.id.empty()) found.push_back("--client-id: the client's id at the broker is needed");
  if (options.client.redirect_uri.empty()) found.push_back("--redirect-uri: must not be empty");
  if (options.client_auth != ClientAuth::none && options.client.secret.empty())
    found.push_back("--client-secret: needed, or --client-auth none");
  if (options.flow == Flow::client_credentials && options.client_auth == ClientAuth::none)
    found.push_back("--client-auth: client-credentials needs a secret");
  if (!options.meters.stats_url.empty()) check_url("--stats-url", options.meters.stats_url);
  if (options.meters.stats_url.empty() != options.meters.stats_paths.empty())
    found.push_back("--stats-url, --stats-path: one needs the other");
  if (options.load.duration.count() == 0 && options.load.logins == 0)
    found.push_back("--duration: must be above 0, or give --logins");
  return found;
}

std::expected<Options, int> parse_options(int argc, const char* const* argv) {
  CLI::App app("Drives whole federated logins against an OpenID Connect broker, with an OpenID provider of its own.",
               "login_storm");
  app.option_defaults()->group("Options");
  Options options;
  std::vector<std::string> pairs;
  add_target(app, options, pairs);
  add_load(app, options.load);
  add_stub(app, options);
  add_meters(app, options.meters);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(app.exit(error) == 0 ? 0 : 2);
  }
  for (const std::string& pair : pairs) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    options.authorize_parameters.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  if (options.second_client.id.empty()) options.second_client = options.client;
  if (options.second_client.redirect_uri.empty()) options.second_client.redirect_uri = options.client.redirect_uri;
  const std::vector<std::string> wrong = problems(options);
  for (const std::string& sentence : wrong) std::cerr << sentence << "\n";
  if (!wrong.empty()) return std::unexpected(2);
  return options;
}

}  // namespace symbolon::bench
