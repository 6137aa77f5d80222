#include "management/logout_listener.h"

#include "base/text.h"
#include "http/address.h"
#include "http/url.h"
#include "login/end_session.h"
#include "store/tenant_store.h"

namespace symbolon::management {
namespace {

// An address literal, with the brackets of IPv6 taken off; nullopt for a name.
std::optional<http::Address> literal_of(const http::Url& url) {
  const bool bracketed = url.host.starts_with('[');
  return http::parse_address(bracketed ? std::string_view(url.host).substr(1, url.host.size() - 2)
                                       : std::string_view(url.host));
}

std::string find_problem(db::Transaction& tx, const http::EgressPolicy& egress, const std::string& address) {
  const auto url = http::parse_url(address);
  if (!url || url->host.empty()) return "is no URL";
  if (!url->is_https() && !(url->is_http() && egress.allow_http)) return "must be an https URL";
  if (url->fragment) return "must not have a fragment";
  if (store::TenantStore(tx).find_domain(url->authority())) return "is an address of this server";
  if (const auto literal = literal_of(*url); literal && !http::permits(egress, *literal))
    return "is not a public address, and the operator has not allowed it";
  return {};
}

}  // namespace

std::optional<Problem> check_logout_listeners(db::Transaction& tx, const http::EgressPolicy& egress,
                                              const model::Client& client) {
  for (const std::string& address : client.backchannel_logout_urls)
    if (const std::string problem = find_problem(tx, egress, address); !problem.empty())
      return invalid_body("Payload validation error: '" + address + " " + problem +
                          "' on property oidc_logout.backchannel_logout_urls.");
  const auto& chosen = client.backchannel_logout_initiators;
  if (!contains(chosen, "all") && !contains(chosen, "rp-logout"))
    return invalid_body("Payload validation error: 'rp-logout is always one of the selected initiators' on property "
                        "oidc_logout.backchannel_logout_initiators.");
  return std::nullopt;
}

void forget_logout_listeners(db::Transaction& tx, const model::Client& before, const model::Client& after) {
  for (const std::string& address : before.backchannel_logout_urls)
    if (!contains(after.backchannel_logout_urls, address)) login::discard_notices(tx, before.tenant, before.id, address);
}

}  // namespace symbolon::management
