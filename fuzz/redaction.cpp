// Explanations: a secret, NUL, and the text that it must not be found in afterwards.

#include "upstream/redaction.h"

#include "base/text.h"
#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  const std::string_view text = view(bytes, size);
  const std::size_t end = std::min(text.find('\0'), text.size());
  const std::string_view secret = text.substr(0, end);
  const std::string_view body = text.substr(std::min(end + 1, text.size()));

  upstream::Redaction redaction;
  redaction.hide(secret);
  // A secret with a bullet in it could be spelled by what stands in its place.
  if (secret.size() >= 4 && !secret.contains(upstream::kRedacted[0]))
    check(!redaction.hide_known(body).contains(secret));
  const std::string excerpt = redaction.excerpt(body);
  check(excerpt.size() <= upstream::kMaxExcerptBytes);
  check(count_code_points(excerpt).has_value());
  return 0;
}
