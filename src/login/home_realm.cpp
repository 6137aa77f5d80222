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

void drop_ineligible(std::vector<model::Connection>& connections, const model::Client& client) {
  std::erase_if(connections, [&](const auto& connection) { return !is_eligible(connection, true, client); });
}

}  // namespace

HomeRealm find_home_realm(db::Transaction& tx, const TenantId& tenant, const model::Client& client) {
  store::ConnectionStore connections(tx, tenant);
  auto first = connections.list_for_client(client.id, !client.first_party, 2);
  drop_ineligible(first, client);
  if (first.empty()) return {};
  if (first.size() == 1 && (first.front().domain_aliases.empty() || client.auto_redirect_single_connection))
    return {Landing::straight, std::move(first.front())};
  return {connections.has_domains(client.id, !client.first_party) ? Landing::identifier : Landing::buttons, {}};
}

std::optional<std::string> domain_of(std::string_view identifier) {
  identifier = trim(identifier);
  const auto at = identifier.rfind('@');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return http::to_a_labels(trim(identifier.substr(at + 1)));
}

std::vector<model::Connection> connections_for_domain(db::Transaction& tx, const TenantId& tenant,
                                                      const model::Client& client, std::string_view domain) {
  auto found = store::ConnectionStore(tx, tenant).list_by_domain(client.id, !client.first_party, domain);
  drop_ineligible(found, client);
  return found;
}

std::vector<model::Connection> connections_with_button(db::Transaction& tx, const TenantId& tenant,
                                                       const model::Client& client) {
  auto found = store::ConnectionStore(tx, tenant).list_buttons(client.id, !client.first_party, kMaxButtons);
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
                                               std::string_view name) {
  auto found = store::ConnectionStore(tx, tenant).find_for_client(name, client.id);
  if (!found || !is_eligible(found->connection, found->enabled, client)) return std::nullopt;
  return std::move(found->connection);
}

}  // namespace symbolon::login
