#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.h"
#include "http/site.h"
#include "model/organisation.h"

namespace symbolon::login {

/// Whether a scope names an organisation, by id or by primary domain (zitadel-idps §5.3).
bool names_organisation(std::string_view scope);

/// The organisation that the scope of a checked request, or of a grant that came of it, names by id; empty: none.
model::OrganisationId organisation_of(const std::vector<std::string>& scope);

/// The domain that names `organisation` in a scope on this host; it must have a domain_label.
std::string primary_domain(const model::Organisation& organisation, const http::Site& site);

/// Looks at what `scope` asks for. An organisation named by its domain is added by its id, so that organisation_of()
/// knows it from then on. An error, written for the application, when it is unknown or when there are several.
std::expected<void, std::string> settle_organisation(db::Transaction& tx, const http::Site& site,
                                                     std::vector<std::string>& scope);

/// As a person's record keeps it: empty for the default organisation.
model::OrganisationId as_kept(db::Transaction& tx, const TenantId& tenant, const model::OrganisationId& organisation);

}  // namespace symbolon::login
