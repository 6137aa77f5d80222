#include <boost/json.hpp>

#include "store/document.h"
#include "store/resource_server_store.h"

namespace symbolon::store {

using boost::json::object;

model::ResourceServer resource_server_from_document(TenantId tenant, std::string doc) {
  const object parsed = parse_document("a resource server", doc);
  const object& authorization = object_of(parsed, "subject_type_authorization");
  const model::ResourceServer usual;
  return {.tenant = std::move(tenant),
          .id = text_of(parsed, "id"),
          .identifier = text_of(parsed, "identifier"),
          .name = text_of(parsed, "name"),
          .is_system = flag_of(parsed, "is_system", false),
          .scopes = texts_in(parsed, "scopes", "value"),
          .signing_algorithm = text_of(parsed, "signing_alg", usual.signing_algorithm),
          .signing_secret = {},
          .token_lifetime = seconds_of(parsed, "token_lifetime", usual.token_lifetime),
          .token_lifetime_for_web = seconds_of(parsed, "token_lifetime_for_web", usual.token_lifetime_for_web),
          .allow_offline_access = flag_of(parsed, "allow_offline_access", false),
          .skip_consent_for_first_party =
              flag_of(parsed, "skip_consent_for_verifiable_first_party_clients", usual.skip_consent_for_first_party),
          .rfc9068 = text_of(parsed, "token_dialect").starts_with("rfc9068_profile"),
          .user_policy = text_of(object_of(authorization, "user"), "policy", usual.user_policy),
          .client_policy = text_of(object_of(authorization, "client"), "policy", usual.client_policy),
          .doc = std::move(doc)};
}

model::ClientGrant client_grant_from_document(TenantId tenant, std::string doc) {
  const object parsed = parse_document("a client grant", doc);
  return {.tenant = std::move(tenant),
          .id = text_of(parsed, "id"),
          .client = ClientId(text_of(parsed, "client_id")),
          .audience = text_of(parsed, "audience"),
          .subject_type = text_of(parsed, "subject_type", model::ClientGrant().subject_type),
          .scope = texts_of(parsed, "scope"),
          .allow_all_scopes = flag_of(parsed, "allow_all_scopes", false),
          .doc = std::move(doc)};
}

}  // namespace symbolon::store
