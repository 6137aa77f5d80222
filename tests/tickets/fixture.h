#pragma once

#include <gtest/gtest.h>

#include <string>

#include "crypto/secret_box.h"
#include "support/counter_random.h"
#include "tickets/login_ticket.h"

namespace symbolon::tickets {

inline const TenantId kTenant{"default"};
inline const Instant kNow = from_epoch_millis(1'750'000'000'123);
inline constexpr std::string_view kBaseUrl = "https://login.example.com";

/// A box with a key of its own; `seed` makes another one.
struct TestBox {
  explicit TestBox(std::uint8_t seed = 0) : random(seed), box(crypto::Keyring::generate(random), random) {}

  CounterRandom random;
  crypto::SecretBox box;
};

/// What an unchanged single-page application and an OpenID Connect provider make of it.
LoginTicket typical_login();
/// With every member filled.
LoginTicket full_login();

/// Every way to shorten `sealed`, and to change one bit of it.
template <class Accepts>
void expect_no_variant_is_accepted(const std::string& sealed, Accepts accepts) {
  for (std::size_t length = 0; length < sealed.size(); ++length)
    EXPECT_FALSE(accepts(sealed.substr(0, length))) << "the first " << length << " bytes";
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(accepts(changed)) << "bit " << bit;
  }
  EXPECT_FALSE(accepts(sealed + sealed.back()));
  EXPECT_TRUE(accepts(sealed)) << "or nothing above was proved";
}

}  // namespace symbolon::tickets
