#include "login/home_realm.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "login/consent.h"
#include "login/form_guard.h"
#include "login/label_order.h"

namespace symbolon::login {
namespace {

TEST(DomainOf, IsWhatFollowsTheLastSignInLookupForm) {
  EXPECT_EQ(domain_of("ann@corp.example"), "corp.example");
  EXPECT_EQ(domain_of("  Ann@CORP.Example\n"), "corp.example");
  EXPECT_EQ(domain_of("\"a@b\"@corp.example"), "corp.example");
  EXPECT_EQ(domain_of("ann@bücher.example"), "xn--bcher-kva.example");
}

TEST(DomainOf, NoAddressHasNoDomain) {
  for (const char* text : {"", "ann", "@corp.example", "ann@", "ann@ ", "ann@corp..example", "ann@corp_x.example"})
    EXPECT_FALSE(domain_of(text)) << text;
}

TEST(LabelOrder, SortsAsReadersExpect) {
  std::vector<std::string> names{"zoo", "Éclair", "eclair", "Ecole", "Zèbre", "acme", "Übung", "Ulm", "ABC", "œuvre"};
  std::ranges::sort(names, {}, label_order_key);
  EXPECT_EQ(names, (std::vector<std::string>{"ABC", "acme", "eclair", "Éclair", "Ecole", "œuvre", "Übung", "Ulm",
                                             "Zèbre", "zoo"}));
}

TEST(LabelOrder, CountsAsReadersDo) {
  std::vector<std::string> names{"Site 10", "Site 9", "Site 010b", "Site 2", "Site", "Site 1", "Site x", "7", "Site 12345678901", "Site 0"};
  std::ranges::sort(names, {}, label_order_key);
  EXPECT_EQ(names, (std::vector<std::string>{"7", "Site", "Site 0", "Site 1", "Site 2", "Site 9", "Site 10", "Site 010b",
                                             "Site 12345678901", "Site x"}));
}

TEST(LabelOrder, TakesAnyBytes) {
  for (const char* text : {"", "\xc3", "\xff\xfe", "日本", "\xc5\xbf"}) EXPECT_FALSE(label_order_key(text).empty());
}

TEST(Callback, IsVerifiableOnlyWhereADomainNamesTheListener) {
  for (const char* uri : {"https://app.example/cb", "http://app.example/cb"}) EXPECT_TRUE(is_verifiable_callback(uri));
  for (const char* uri : {"http://localhost/cb", "http://127.0.0.1:3000/cb", "http://[::1]/cb", "com.example:/cb", "x"})
    EXPECT_FALSE(is_verifiable_callback(uri)) << uri;
}

TEST(FormTarget, IsTheOriginOrSchemeOfTheCallback) {
  EXPECT_EQ(form_target_of("https://app.example:8443/cb?x=1"), "https://app.example:8443");
  EXPECT_EQ(form_target_of("com.example.app:/cb"), "com.example.app:");
}

TEST(FormTargets, AreAnyWebPageAndTheApplicationsOwnScheme) {
  EXPECT_EQ(form_targets_of("https://app.example/cb"), "'self' https: http:");
  EXPECT_EQ(form_targets_of("http://127.0.0.1:3000/cb"), "'self' https: http:");
  EXPECT_EQ(form_targets_of("com.example.app:/cb"), "'self' https: http: com.example.app:");
  EXPECT_EQ(form_targets_of("no address"), "'self' https: http:");
}

struct Sent {
  const char* origin;
  const char* fetch_site;
  bool ours;
};

TEST(FormGuard, T59TakesExactOriginsOnly) {
  for (const Sent& row : {Sent{"https://id.example", "", true}, Sent{"", "", true}, Sent{"null", "same-origin", true},
                          Sent{"", "same-origin", true}, Sent{"https://id.example.evil", "", false},
                          Sent{"https://id.example:8443", "", false}, Sent{"http://id.example", "", false},
                          Sent{"null", "cross-site", false}, Sent{"", "same-site", false}, Sent{"", "none", false}}) {
    http::Request request;
    http::Site site{TenantId("default"), "https://id.example", "id.example", true};
    request.site = std::make_shared<const http::Site>(site);
    if (*row.origin) request.headers.set("Origin", row.origin);
    if (*row.fetch_site) request.headers.set("Sec-Fetch-Site", row.fetch_site);
    EXPECT_EQ(comes_from_our_page(request), row.ours) << row.origin << " " << row.fetch_site;
  }
}

}  // namespace
}  // namespace symbolon::login
