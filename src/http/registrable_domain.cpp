#include "http/registrable_domain.h"

#include <libpsl.h>

#include <string>

#include "base/text.h"

namespace symbolon::http {
namespace {

bool is_address(std::string_view host) {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string registrable_domain(const std::string& host) {
  if (is_address(host)) return {};
  const char* const domain = psl_registrable_domain(psl_builtin(), host.c_str());
  return domain == nullptr ? std::string() : domain;
}

}  // namespace

bool have_same_owner(std::string_view host, std::string_view other) {
  const std::string a = to_lower_ascii(host), b = to_lower_ascii(other);
  if (a == b) return true;
  const std::string domain = registrable_domain(a);
  return !domain.empty() && domain == registrable_domain(b);
}

bool is_public_suffix(std::string_view host) {
  return psl_is_public_suffix(psl_builtin(), to_lower_ascii(host).c_str()) != 0;
}

}  // namespace symbolon::http
