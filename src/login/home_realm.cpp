#include "login/home_realm.h"

#include <algorithm>

#include "base/text.h"
#include "http/domain_name.h"
#include "login/admission.h"
#include "login/label_order.h"
#include "store/connection_store.h"

namespace symbolon::login {
namespace {

constexpr std::int64_t kMaxButtons = 100;

// What the store listed may be used by the client, unless that is one that nobody signs in to.
void drop_ineligible(std::vector<model::Connection>& connections, const model::Client& client) {
  if (client.global) connections.clear();
}

}  // namespace

HomeRealm find_home_realm(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                          const model::OrganisationId& organisation) {
  store::ConnectionStore connections(tx, tenant, organisation);
  auto first = connections.list_for_client(client.id, !client.first_party, 2);
  drop_ineligible(first, client);
  if (first.empty()) return {};
  if (first.size() == 1 && (!has_button(first.front()) || client.auto_redirect_single_connection))
    return {.landing = Landing::straight, .only = std::move(first.front())};
  if (connections.has_domains(client.id, !client.first_party)) return {.landing = Landing::identifier, .only = {}};
  if (!connections.list_buttons(client.id, !client.first_party, 1).empty())
    return {.landing = Landing::buttons, .only = {}};
  return {.landing = Landing::nowhere, .only = {}, .none_to_offer = true};
}

bool has_button(const model::Connection& connection) {
  return connection.show_as_button || connection.upstream.strategy == model::Strategy::oauth2;
}

bool is_usable(const model::Connection& connection) {
  return connection.status != model::ConnectionStatus::incomplete;
}

std::optional<std::string> domain_of(std::string_view identifier) {
  identifier = trim(identifier);
  const auto at = identifier.rfind('@');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return http::to_a_labels(trim(identifier.substr(at + 1)));
}

std::vector<model::Connection> connections_for_domain(db::Transaction& tx, const TenantId& tenant,
                                                      const model::Client& client, std::string_view domain,
                                                      const model::OrganisationId& organisation) {
  auto found = store::ConnectionStore(tx, tenant, organisation).list_by_domain(client.id, !client.first_party, domain);
  drop_ineligible(found, client);
  return found;
}

std::vector<model::Connection> connections_with_button(db::Transaction& tx, const TenantId& tenant,
                                                       const model::Client& client,
                                                       const model::OrganisationId& organisation) {
  auto found = store::ConnectionStore(tx, tenant, organisation).list_buttons(client.id, !client.first_party, kMaxButtons);
  drop_ineligible(found, client);
  // Those of one name stay in order of creation.
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t i = 0; i < found.size(); ++i) order.emplace_back(label_order_key(found[i].label()), i);
  std::ranges::sort(order);
  std::vector<model::Connection> sorted;
  for (const auto& [key, index] : order) sorted.push_back(std::move(found[index]));
  return sorted;
}

std::optional<model::Connection> find_eligible(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                               std::string_view name, const model::OrganisationId& organisation) {
  auto found = store::ConnectionStore(tx, tenant, organisation).find_for_client(name, client.id);
  if (!found || !is_eligible(*found, client)) return std::nullopt;
  return std::move(found->connection);
}

}  // namespace symbolon::login
