#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <string>

#include "json/parse.h"

namespace symbolon::json {
namespace {

/// A discovery document of the usual size.
std::string discovery_document() {
  boost::json::object document{{"issuer", "https://idp.example/realms/acme"}};
  for (const char* endpoint : {"authorization", "token", "userinfo", "end_session", "introspection", "revocation"})
    document[std::string(endpoint) + "_endpoint"] = std::string("https://idp.example/realms/acme/protocol/") + endpoint;
  for (const char* list : {"response_types", "response_modes", "grant_types", "scopes", "claims", "subject_types",
                           "id_token_signing_alg_values", "token_endpoint_auth_methods", "code_challenge_methods"}) {
    boost::json::array values;
    for (int i = 0; i < 10; ++i) values.emplace_back("value_" + std::to_string(i));
    document[std::string(list) + "_supported"] = std::move(values);
  }
  return boost::json::serialize(document);
}

void parse_discovery_document(benchmark::State& state) {
  const std::string text = discovery_document();
  for (auto _ : state) {
    if (!parse_object(text)) {
      state.SkipWithError("a good document was refused");
      break;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(parse_discovery_document);

}  // namespace
}  // namespace symbolon::json
