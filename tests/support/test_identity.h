#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "net/tls.h"
#include "support/counter_random.h"

namespace symbolon {

/// A TLS identity for `hosts` with an authority of its own that vouches for it; both valid for a day around now.
struct TestIdentity {
  net::TlsIdentity identity;
  std::string ca_pem;

  static TestIdentity make(const std::vector<std::string>& hosts) {
    static std::atomic<int> count = 0;
    const std::string name = "test authority " + std::to_string(++count);
    CounterRandom random(1);
    const Instant now = SystemClock().now();
    const crypto::Validity validity{now - std::chrono::hours(1), now + std::chrono::hours(24)};
    const auto ca_key = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
    const auto ca = crypto::Certificate::authority(ca_key, name, validity, random);
    const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
    const auto certificate = crypto::Certificate::server(key.public_key(), hosts, validity, ca, ca_key, random);
    return {.identity = {.chain_pem = certificate.pem(), .key_pem = std::string(key.pkcs8_pem().reveal())},
            .ca_pem = ca.pem()};
  }
};

}  // namespace symbolon
