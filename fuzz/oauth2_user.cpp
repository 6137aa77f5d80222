// Answers of user endpoints: the name of the identifying member, NUL, the answer.

#include "upstream/oauth2_user.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "check.h"
#include "json/parse.h"
#include "upstream/claims_mapping.h"
#include "upstream/json_literal.h"
#include "upstream/user_object.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  const std::string_view text = view(bytes, size);
  const std::size_t end = std::min(text.find('\0'), text.size());
  const std::string attribute(text.substr(0, end));
  const std::string_view body = text.substr(std::min(end + 1, text.size()));

  // These are only told to take parsed text; on any other they still must come to an end.
  upstream::member_text(body, attribute);
  upstream::first_element_text(body);

  const auto user = upstream::read_oauth2_user(body, attribute);
  if (!user) {
    check(!user.error().empty());
    return 0;
  }
  const auto claims = json::parse_object(user->claims);
  check(claims.has_value());
  check(!trim(user->subject).empty() && count_code_points(user->subject).value_or(1000) <= 200);
  std::vector<upstream::MappedAttribute> trace;
  upstream::guess_attributes(*claims, trace);
  upstream::guess_username(*claims);
  return 0;
}
