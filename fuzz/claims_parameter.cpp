// The parameter claims of an authorization request, which anybody can send. Whatever is accepted may name only claims
// that a scope could give, each once.

#include "oidc/claims_parameter.h"

#include <algorithm>

#include "check.h"
#include "oidc/user_claims.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  const std::string_view text = view(bytes, size);
  const auto parsed = oidc::parse_claims_parameter(text);
  if (!parsed) {
    check(!parsed.error().empty());
    return 0;
  }
  check(text.size() <= oidc::kMaxClaimsBytes);
  for (auto names : {parsed->claims.id_token, parsed->claims.userinfo}) {
    check(std::ranges::all_of(names, [](const std::string& name) { return oidc::is_requestable_claim(name); }));
    std::ranges::sort(names);
    check(std::ranges::adjacent_find(names) == names.end());
  }
  check(parsed->required_acr.empty() || parsed->wished_acr.empty());
  return 0;
}
