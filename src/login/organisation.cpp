#include "login/organisation.h"

#include "base/text.h"
#include "store/organisation_store.h"

namespace symbolon::login {
namespace {

constexpr std::string_view kById = "urn:zitadel:iam:org:id:";
constexpr std::string_view kByDomain = "urn:zitadel:iam:org:domain:primary:";

std::optional<model::Organisation> find_named(db::Transaction& tx, const http::Site& site, std::string_view scope) {
  store::OrganisationStore organisations(tx, site.tenant);
  if (scope.starts_with(kById)) return organisations.find(model::OrganisationId(std::string(scope.substr(kById.size()))));
  const std::string domain = to_lower_ascii(scope.substr(kByDomain.size()));
  const auto dot = domain.find('.');
  if (dot == std::string::npos) return std::nullopt;
  auto found = organisations.find_by_domain_label(domain.substr(0, dot));
  if (!found || primary_domain(*found, site) != domain) return std::nullopt;
  return found;
}

}  // namespace

bool names_organisation(std::string_view scope) { return scope.starts_with(kById) || scope.starts_with(kByDomain); }

model::OrganisationId organisation_of(const std::vector<std::string>& scope) {
  for (const std::string& one : scope)
    if (one.starts_with(kById)) return model::OrganisationId(one.substr(kById.size()));
  return {};
}

std::string primary_domain(const model::Organisation& organisation, const http::Site& site) {
  // The port of a development server is no part of a domain.
  return organisation.domain_label + "." + site.host.substr(0, site.host.find(':'));
}

std::expected<void, std::string> settle_organisation(db::Transaction& tx, const http::Site& site,
                                                     std::vector<std::string>& scope) {
  model::OrganisationId named;
  for (const std::string& one : scope) {
    if (!names_organisation(one)) continue;
    const auto found = find_named(tx, site, one);
    if (!found) return std::unexpected("the organisation that the scope names does not exist");
    if (!named.empty() && named != found->id) return std::unexpected("the scope names several organisations");
    named = found->id;
  }
  if (!named.empty() && organisation_of(scope).empty()) scope.push_back(std::string(kById) + named.str());
  return {};
}

model::OrganisationId as_kept(db::Transaction& tx, const TenantId& tenant, const model::OrganisationId& organisation) {
  if (organisation.empty()) return {};
  const auto standard = store::OrganisationStore(tx, tenant).find_default();
  return standard && standard->id == organisation ? model::OrganisationId() : organisation;
}

}  // namespace symbolon::login
