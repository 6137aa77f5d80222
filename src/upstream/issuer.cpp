#include "upstream/issuer.h"

#include <algorithm>

#include "http/url.h"

namespace symbolon::upstream {
namespace {

constexpr std::string_view kPlaceholder = "{tenantid}";
constexpr std::string_view kSampleTenant = "00000000-0000-0000-0000-000000000000";

std::string replace_placeholder(std::string_view text, std::string_view value) {
  const auto at = text.find(kPlaceholder);
  std::string out(text.substr(0, at));
  out += value;
  out += text.substr(at + kPlaceholder.size());
  return out;
}

bool is_plain_issuer(std::string_view text) {
  if (text.find_first_of("{}") != std::string_view::npos) return false;
  const auto url = http::parse_url(text);
  return url && (url->is_https() || url->is_http()) && !url->query && !url->fragment;
}

}  // namespace

bool is_issuer_template(std::string_view issuer) { return issuer.contains(kPlaceholder); }

bool is_issuer(std::string_view text) {
  if (!is_issuer_template(text)) return is_plain_issuer(text);
  const auto host_end = text.find('/', std::min(text.find("://"), text.size() - 3) + 3);
  return host_end != std::string_view::npos && text.find(kPlaceholder) > host_end &&
         is_plain_issuer(replace_placeholder(text, kSampleTenant));
}

bool is_tenant_id(std::string_view text) {
  if (text.size() != kSampleTenant.size()) return false;
  return std::ranges::equal(text, kSampleTenant, [](char letter, char sample) {
    if (sample == '-') return letter == '-';
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
  });
}

std::optional<std::string> fill_issuer(std::string_view issuer_template, std::string_view tid) {
  if (!is_tenant_id(tid) || !is_issuer_template(issuer_template)) return std::nullopt;
  return replace_placeholder(issuer_template, tid);
}

bool could_be_issuer(std::string_view configured, std::string_view issuer) {
  if (!is_issuer_template(configured)) return configured == issuer;
  const auto at = configured.find(kPlaceholder);
  if (issuer.size() < at + kSampleTenant.size()) return false;
  return fill_issuer(configured, issuer.substr(at, kSampleTenant.size())) == issuer;
}

}  // namespace symbolon::upstream
