// Every value that leaves our hands, offered at every place where one is taken: each opens its own door only.
#include <gtest/gtest.h>

#include <functional>

#include "base/encoding.h"
#include "tickets/fixture.h"
#include "tickets/interaction.h"
#include "tickets/opaque.h"
#include "tickets/page_token.h"

namespace symbolon::tickets {
namespace {

struct Place {
  std::string name;
  std::string value;  ///< the one that belongs there
  std::function<bool(const std::string& value)> takes;
};

std::vector<Place> all_places(const TestBox& test, Random& random) {
  // All are about the same thing, so that nothing but their kind tells them apart.
  const LoginTicket login = typical_login();
  const std::string about = login.state;
  std::vector<Place> places;
  const auto add = [&](std::string name, std::string value, std::function<bool(const std::string&)> takes) {
    places.push_back({std::move(name), std::move(value), std::move(takes)});
  };

  add("login cookie", base64url_encode(seal_login(test.box, login)), [&test, login](const std::string& value) {
    const auto sealed = base64url_decode(value);
    return sealed && open_login(test.box, *sealed, login.state, login.tenant, login.base_url, kNow);
  });
  Interaction page;
  page.id = about;
  page.tenant = login.tenant;
  page.base_url = login.base_url;
  page.expires_at = login.expires_at;
  add("page cookie", base64url_encode(seal_interaction(test.box, page)), [&test, page](const std::string& value) {
    const auto sealed = base64url_decode(value);
    return sealed && open_interaction(test.box, *sealed, page.id, page.tenant, page.base_url, kNow);
  });
  add("cursor", seal_page_token(test.box, kTenant, about, "1", kNow), [&test, about](const std::string& value) {
    return open_page_token(test.box, kTenant, about, value, kNow).has_value();
  });
  for (const char* purpose : {"consent", "logout"})
    add(std::string("form: ") + purpose, seal_form_token(test.box, kTenant, purpose, about, kNow),
        [&test, about, purpose](const std::string& value) {
          return check_form_token(test.box, kTenant, purpose, about, value, kNow);
        });

  const auto code = make_code(random, kNow);
  add("code", code.value, [code](const std::string& value) { return hash_code(value) == code.hash; });
  const auto access = make_access_token(random, kNow);
  add("access token", access.value,
      [access](const std::string& value) { return hash_access_token(value) == access.hash; });
  const auto refresh = make_refresh_token(random, kNow);
  add("refresh token", refresh.value,
      [refresh](const std::string& value) { return hash_refresh_token(value) == refresh.hash; });
  const auto cookie = make_session_cookie(random, kNow);
  add("session cookie", cookie.value,
      [cookie](const std::string& value) { return hash_session_cookie(value) == cookie.hash; });
  for (const char* kind : {"pushed_request", "administrator_link", "try_connection", "account_link"}) {
    const auto ticket = make_ticket(random, kind);
    add(kind, ticket.value,
        [ticket, kind](const std::string& value) { return hash_ticket(kind, value) == ticket.hash; });
  }
  add("state", login.state, [hash = hash_ticket("login_state", login.state)](const std::string& value) {
    return hash_ticket("login_state", value) == hash;
  });
  return places;
}

TEST(Confusion, T17T24EachValueIsTakenAtItsOwnPlaceOnly) {
  const TestBox test;
  CounterRandom random(100);
  const auto places = all_places(test, random);
  ASSERT_EQ(places.size(), 14u);
  for (const Place& made : places)
    for (const Place& asked : places)
      EXPECT_EQ(asked.takes(made.value), &made == &asked) << made.name << " as " << asked.name;
}

// The same random bytes handed out as two kinds are still two values: a store finds them under different hashes.
TEST(Confusion, T17T24TheSameBytesAsAnotherKindAreUnknown) {
  CounterRandom first, second;
  const auto code = make_code(first, kNow);
  const auto refresh = make_refresh_token(second, kNow);
  ASSERT_EQ(code.value, refresh.value);
  EXPECT_NE(code.hash.bytes, refresh.hash.bytes);
}

}  // namespace
}  // namespace symbolon::tickets
