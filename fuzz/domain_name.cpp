// Names that people type after the @: what comes out is looked up, so it is plain and stays what it is.

#include "http/domain_name.h"

#include <algorithm>
#include <string>

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  const auto name = http::to_a_labels(view(bytes, size));
  if (!name) return 0;
  check(!name->empty() && name->size() <= 253);
  check(std::ranges::all_of(*name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  }));
  check(http::to_a_labels(*name) == name);
  return 0;
}
