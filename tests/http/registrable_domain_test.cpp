#include "http/registrable_domain.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

TEST(RegistrableDomain, KnowsWhatBelongsTogether) {
  const struct {
    const char *host, *other;
    bool same;
  } kRows[] = {
      {"idp.example.com", "idp.example.com", true},
      {"idp.example.com", "IDP.example.com", true},
      {"idp.example.com", "login.example.com", true},
      {"example.com", "a.b.example.com", true},
      {"a.example.co.uk", "b.example.co.uk", true},
      {"a.co.uk", "b.co.uk", false},
      {"idp.example.com", "idp.example.net", false},
      {"idp.example.com", "example.com.evil.net", false},
      {"evilexample.com", "example.com", false},
      {"one.github.io", "two.github.io", false},
      {"com", "com", true},
      {"com", "net", false},
      {"10.0.0.1", "10.0.0.1", true},
      {"10.0.0.1", "11.0.0.1", false},
      {"[::1]", "[::2]", false},
      {"localhost", "localhost", true},
      {"localhost", "other", false},
      {"", "example.com", false},
  };
  for (const auto& row : kRows) EXPECT_EQ(have_same_owner(row.host, row.other), row.same) << row.host << " " << row.other;
}

}  // namespace
}  // namespace symbolon::http
