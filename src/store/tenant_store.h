#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/tenant.h"
#include "store/page.h"

namespace symbolon::store {

/// A host name that belongs to a tenant: its canonical one, or a custom domain (management-api §6.5).
struct Domain {
  std::string host;      ///< lower case, with the port when it is not the scheme's own
  std::string base_url;  ///< scheme, host and port, as in every issuer
  TenantId tenant;
  std::string id;  ///< `cd_` + 16
  bool is_canonical = false;
  std::optional<Instant> verified_at;
  std::string doc;  ///< JSON object as the Management API shows it
  std::int64_t version = 0;
  Instant created_at{};
};

/// Tenants and their host names; the one store that is not bound to a tenant.
class TenantStore {
 public:
  explicit TenantStore(db::Transaction& tx) : tx_(tx) {}

  std::optional<model::Tenant> find(const TenantId& tenant);
  std::vector<model::Tenant> list();
  Insert insert(const model::Tenant& tenant);
  Update update(const model::Tenant& tenant, std::int64_t based_on);
  /// With every row of every table that carries the tenant.
  bool remove(const TenantId& tenant);

  /// The one that answers on `host`: canonical, or proved to belong to its tenant.
  std::optional<Domain> find_domain(std::string_view host);
  std::optional<Domain> find_domain_by_id(const TenantId& tenant, std::string_view id);
  std::vector<Domain> list_domains(const TenantId& tenant);
  /// Duplicate when it answers for somebody already, or the tenant has named it before. Several tenants may name a host
  /// that none of them has proved; whoever does so first has it.
  Insert insert_domain(const Domain& domain);
  /// `domain.verified_at` may be set only while find_domain() finds no other.
  Update update_domain(const Domain& domain, std::int64_t based_on);
  bool remove_domain(const TenantId& tenant, std::string_view id);

 private:
  db::Transaction& tx_;
};

/// The typed members of a tenant from its document; what the document lacks keeps its default. Session lifetimes are
/// cut to the ranges of login-runtime §0.4. Throws std::invalid_argument when `doc` is no JSON object.
model::Tenant tenant_from_document(TenantId id, std::string doc);

}  // namespace symbolon::store
