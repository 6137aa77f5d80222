#include "zitadel/policy_view.h"

#include <algorithm>
#include <array>

#include "store/connection_store.h"
#include "store/login_policy_store.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMaxLimit = 1000;
constexpr std::array<std::pair<std::string_view, int>, 3> kOwners{
    {{"IDP_OWNER_TYPE_UNSPECIFIED", 0}, {"IDP_OWNER_TYPE_SYSTEM", 1}, {"IDP_OWNER_TYPE_ORG", 2}}};

std::optional<Error> read_factors(Message& request, FactorKind kind, json::object& document) {
  json::array factors;
  for (const std::string& text : request.texts(factor_member(kind))) {
    auto factor = find_factor(text, kind, "AddCustomLoginPolicyRequest");
    if (!factor) return std::move(factor.error());
    if (std::ranges::find(factors, json::value(*factor)) == factors.end()) factors.emplace_back(*factor);
  }
  if (!factors.empty()) document[factor_member(kind)] = std::move(factors);
  return std::nullopt;
}

}  // namespace

Message::Enum owner_types() { return kOwners; }

Details policy_details(const model::LoginPolicy& policy, std::string resource_owner) {
  return {policy.version, policy.created_at, policy.updated_at, std::move(resource_owner)};
}

json::array factors_of(const json::object& document, FactorKind kind) {
  const auto* factors = document.if_contains(factor_member(kind));
  return factors && factors->is_array() ? factors->get_array() : json::array();
}

json::array show_policy_providers(db::Transaction& tx, const TenantId& tenant, const model::OrganisationId& owner) {
  json::array out;
  store::ConnectionStore connections(tx, tenant);
  for (const ConnectionId& id : store::LoginPolicyStore(tx, tenant).providers(owner)) {
    const auto connection = connections.find(id);
    if (!connection) continue;
    json::object shown{{"idpId", connection->zitadel_id}, {"idpName", connection->label()}};
    if (connection->upstream.strategy != model::Strategy::oauth2) shown["idpType"] = "IDP_TYPE_OIDC";
    out.push_back(std::move(shown));
  }
  return out;
}

json::object show_policy(db::Transaction& tx, const Call& call, const model::LoginPolicy& policy, bool is_default) {
  const std::string& owner = policy.owner.empty() ? call.caller.instance.id : policy.owner.str();
  json::object out{{"details", read(policy_details(policy, owner))}};
  const json::value doc = json::parse(policy.doc);
  for (const auto& [name, value] : doc.get_object()) out[name] = value;
  put(out, "isDefault", is_default);
  if (auto providers = show_policy_providers(tx, call.tenant, policy.owner); !providers.empty())
    out["idps"] = std::move(providers);
  for (const FactorKind kind : {FactorKind::second, FactorKind::multi})
    if (factors_of(doc.get_object(), kind).empty()) out.erase(factor_member(kind));
  return out;
}

std::expected<NewPolicy, Error> read_new_policy(Message& request, std::string_view bad_uri_id) {
  NewPolicy out;
  auto document = read_policy(request, bad_uri_id);
  if (!document) return std::unexpected(std::move(document.error()));
  out.document = std::move(*document);
  for (const FactorKind kind : {FactorKind::second, FactorKind::multi})
    if (auto error = read_factors(request, kind, out.document)) return std::unexpected(std::move(*error));
  if (const json::array* idps = request.array("idps")) {
    out.providers.emplace();
    for (const json::value& item : *idps) {
      if (!item.is_object()) return std::unexpected(plain(Code::invalid_argument, "idps must be a list of objects"));
      Message one("AddCustomLoginPolicyRequest.IDP", item.get_object());
      std::string id = one.text_between("idpId", 1, 200);
      const int owner = one.choice("ownerType", kOwners);
      if (owner == 0) one.break_rule("ownerType", "value must not be in list [0]");
      if (one.error()) return std::unexpected(*one.error());
      out.providers->emplace_back(std::move(id), owner == 2);
    }
  }
  if (request.error()) return std::unexpected(*request.error());
  return out;
}

std::expected<ListWindow, Error> read_window(Message& request) {
  ListWindow out;
  if (const json::object* given = request.object("query")) {
    Message query("ListQuery", *given);
    out.offset = query.number("offset");
    const std::int64_t limit = query.number("limit");
    out.limit = limit == 0 ? kMaxLimit : std::min(limit, kMaxLimit);
    if (query.error()) return std::unexpected(*query.error());
  }
  if (request.error()) return std::unexpected(*request.error());
  return out;
}

}  // namespace symbolon::zitadel
