#include <benchmark/benchmark.h>

#include <string>

#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/secret_box.h"
#include "tickets/login_ticket.h"

namespace symbolon::tickets {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;

/// A login in flight as an ordinary client with PKCE starts it.
LoginTicket ordinary_ticket(Random& random) {
  LoginTicket ticket;
  ticket.state = random_token(random, 32);
  ticket.tenant = TenantId("default");
  ticket.base_url = "https://login.acme.example";
  ticket.created_at = from_epoch_seconds(kNow);
  ticket.expires_at = from_epoch_seconds(kNow + 3600);
  ticket.request.client = ClientId("7MUbS0Wd2vKPzFqYqX1rJ8nA4hE5cT6L");
  ticket.request.redirect_uri = "https://app.example/callback";
  ticket.request.response_type = "code";
  ticket.request.response_mode = "query";
  ticket.request.scope = {"openid", "profile", "email"};
  ticket.request.state = random_token(random, 32);
  ticket.request.nonce = random_token(random, 32);
  ticket.request.code_challenge = random_token(random, 32);
  ticket.request.code_challenge_method = "S256";
  ticket.upstream.connection = ConnectionId("con_8Qw3rTy6uIo9pAsD");
  ticket.upstream.connection_name = "acme";
  ticket.upstream.issuer = "https://idp.example/realms/acme";
  ticket.upstream.token_endpoint = "https://idp.example/realms/acme/protocol/token";
  ticket.upstream.jwks_uri = "https://idp.example/realms/acme/certs";
  ticket.upstream.client_id = "symbolon";
  ticket.nonce = random_token(random, 32);
  ticket.verifier = random_token(random, 32);
  ticket.challenge_method = "S256";
  return ticket;
}

void seal_login_in_flight(benchmark::State& state) {
  crypto::SystemRandom random;
  const crypto::SecretBox box(crypto::Keyring::generate(random), random);
  const LoginTicket ticket = ordinary_ticket(random);
  for (auto _ : state) benchmark::DoNotOptimize(seal_login(box, ticket));
  state.counters["bytes"] = static_cast<double>(seal_login(box, ticket).size());
}
BENCHMARK(seal_login_in_flight);

void open_login_in_flight(benchmark::State& state) {
  crypto::SystemRandom random;
  const crypto::SecretBox box(crypto::Keyring::generate(random), random);
  const LoginTicket ticket = ordinary_ticket(random);
  const std::string sealed = seal_login(box, ticket);
  for (auto _ : state) {
    if (!open_login(box, sealed, ticket.state, ticket.tenant, ticket.base_url, ticket.created_at)) {
      state.SkipWithError("a good ticket was refused");
      break;
    }
  }
}
BENCHMARK(open_login_in_flight);

}  // namespace
}  // namespace symbolon::tickets
