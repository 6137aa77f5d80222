#include "zitadel/policies.h"

#include <algorithm>

#include "base/text.h"
#include "store/connection_store.h"
#include "store/login_policy_store.h"
#include "zitadel/audit.h"
#include "zitadel/message.h"
#include "zitadel/policy_in_force.h"
#include "zitadel/policy_view.h"
#include "zitadel/wire.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;
using http::Method;

constexpr std::size_t kMaxId = 200;

// Error ids of the two levels.
std::string_view level_id(const Call& call, std::string_view instance, std::string_view organisation) {
  return call.level == Level::instance ? instance : organisation;
}

std::optional<model::LoginPolicy> find_own(db::Transaction& tx, const Call& call) {
  return store::LoginPolicyStore(tx, call.tenant).find(call.owner);
}

Error no_policy(const Call& call) {
  return failure(Code::not_found, level_id(call, "INSTANCE-GVDfe", "Org-Ffgw2"), "Errors.IAM.LoginPolicy.NotFound");
}

Error not_changed(const Call& call) {
  return failure(Code::failed_precondition, level_id(call, "INSTANCE-5M9vdd", "Org-5M9vdd"),
                 "Errors.IAM.LoginPolicy.NotChanged");
}

std::string_view bad_uri_id(const Call& call) { return level_id(call, "IAM-SFdqd", "Org-WSfdq"); }

// Writes `policy` as it is now; the answer carries its next version.
json::object write(db::Transaction& tx, const Call& call, model::LoginPolicy policy, std::string description) {
  policy.updated_at = call.now;
  store::LoginPolicyStore(tx, call.tenant).update(policy);
  policy.version += 1;
  log_write(tx, call, std::move(description), {call.resource_owner()});
  return {{"details", changed(policy_details(policy, call.resource_owner()))}};
}

// The provider that a policy of this level may offer.
std::optional<model::Connection> find_provider(db::Transaction& tx, const Call& call, const std::string& id,
                                               bool of_organisation) {
  auto found = store::ConnectionStore(tx, call.tenant).find_by_zitadel_id(id);
  const std::string owner = of_organisation ? call.owner.str() : std::string();
  if (!found || found->zitadel_owner != owner) return std::nullopt;
  return found;
}

}  // namespace

void Policies::register_on(Api& api) {
  for (const bool admin : {true, false}) {
    const std::string base = admin ? "/admin/v1/policies/login" : "/management/v1/policies/login";
    const std::string prefix = admin ? "iam.policy." : "policy.";
    const auto call = [this](auto method) {
      return [this, method](Call given) { return (this->*method)(std::move(given)); };
    };
    api.on(Method::get, base, prefix + "read", call(&Policies::get));
    api.on(Method::put, base, prefix + "write", call(&Policies::update));
    api.on(Method::post, base + "/idps", prefix + "write", call(&Policies::add_provider));
    api.on(Method::del, base + "/idps/{idpId}", prefix + "write", call(&Policies::remove_provider));
    api.on(Method::post, base + "/idps/_search", prefix + "read", call(&Policies::list_providers));
    register_factors(api, base, prefix);
    if (admin) continue;
    api.on(Method::post, base, prefix + "write", call(&Policies::create));
    api.on(Method::del, base, prefix + "delete", call(&Policies::reset));
    api.on(Method::get, "/management/v1/policies/default/login", prefix + "read", call(&Policies::get_default));
  }
}

void Policies::register_factors(Api& api, const std::string& base, const std::string& prefix) {
  const bool admin = base.starts_with("/admin");
  for (const FactorKind kind : {FactorKind::second, FactorKind::multi}) {
    const bool second = kind == FactorKind::second;
    const std::string folder = base + (second ? "/second_factors" : "/multi_factors");
    // The organisation's list of multi factors has another name there (§4.8).
    const std::string search = second || admin ? folder + "/_search" : base + "/auth_factors/_search";
    const auto call = [this, kind](auto method) {
      return [this, method, kind](Call given) { return (this->*method)(std::move(given), kind); };
    };
    api.on(Method::post, search, prefix + "read", call(&Policies::list_factors));
    api.on(Method::post, folder, prefix + "write", call(&Policies::add_factor));
    api.on(Method::del, folder + "/{type}", prefix + "write", call(&Policies::remove_factor));
  }
}

Task<Answer> Policies::get(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    const bool is_default = !policy || call.level == Level::instance;
    if (!policy) policy = store::LoginPolicyStore(tx, call.tenant).find({});
    if (!policy) return std::unexpected(no_policy(call));
    json::object answer{{"policy", show_policy(tx, call, *policy, is_default)}};
    if (call.level == Level::organisation) put(answer, "isDefault", is_default);
    return answer;
  });
}

Task<Answer> Policies::get_default(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto policy = store::LoginPolicyStore(tx, call.tenant).find({});
    if (!policy) return std::unexpected(no_policy(call));
    return json::object{{"policy", show_policy(tx, call, *policy, true)}};
  });
}

Task<Answer> Policies::create(Call call) {
  Message request("AddCustomLoginPolicyRequest", call.body);
  auto wanted = read_new_policy(request, bad_uri_id(call));
  if (!wanted) co_return std::unexpected(std::move(wanted.error()));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::LoginPolicyStore policies(tx, call.tenant);
    std::vector<ConnectionId> offered = policies.providers({});
    if (wanted->providers) {
      offered.clear();
      for (const auto& [id, of_organisation] : *wanted->providers) {
        const auto provider = find_provider(tx, call, id, of_organisation);
        if (!provider)
          return std::unexpected(
              failure(Code::failed_precondition, "ORG-m8fsd", "Errors.IDPConfig.NotExisting"));
        offered.push_back(provider->id);
      }
    }
    PolicyInForce in_force(tx, call.tenant);
    const model::LoginPolicy policy{.tenant = call.tenant,
                                    .owner = call.owner,
                                    .offers_providers = wanted->document.contains("allowExternalIdp"),
                                    .doc = json::serialize(wanted->document),
                                    .version = 1,
                                    .created_at = call.now,
                                    .updated_at = call.now};
    if (policies.insert(policy) == store::Insert::duplicate)
      return std::unexpected(failure(Code::already_exists, "Org-Dgfb2", "Errors.IAM.LoginPolicy.AlreadyExists"));
    for (const ConnectionId& connection : offered) policies.add_provider(call.owner, connection);
    in_force.settle(call.now);
    log_write(tx, call, "Add a login policy", {call.owner.str()});
    return json::object{{"details", created(policy_details(policy, call.owner.str()))}};
  });
}

Task<Answer> Policies::update(Call call) {
  Message request("UpdateLoginPolicyRequest", call.body);
  auto wanted = read_policy(request, bad_uri_id(call));
  if (!wanted) co_return std::unexpected(std::move(wanted.error()));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    if (!policy) return std::unexpected(no_policy(call));
    const json::value stored = json::parse(policy->doc);
    json::object document = *wanted;
    for (const FactorKind kind : {FactorKind::second, FactorKind::multi})
      if (const auto* factors = stored.get_object().if_contains(factor_member(kind)))
        document[factor_member(kind)] = *factors;
    if (json::value(document) == stored) return std::unexpected(not_changed(call));
    PolicyInForce in_force(tx, call.tenant);
    policy->doc = json::serialize(document);
    policy->offers_providers = document.contains("allowExternalIdp");
    json::object answer = write(tx, call, std::move(*policy), "Update a login policy");
    in_force.settle(call.now);
    return answer;
  });
}

Task<Answer> Policies::reset(Call call) {
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    if (!policy) return std::unexpected(no_policy(call));
    PolicyInForce in_force(tx, call.tenant);
    store::LoginPolicyStore(tx, call.tenant).remove(call.owner);
    in_force.settle(call.now);
    log_write(tx, call, "Reset a login policy", {call.owner.str()});
    policy->version += 1;
    policy->updated_at = call.now;
    return json::object{{"details", changed(policy_details(*policy, call.owner.str()))}};
  });
}

Task<Answer> Policies::add_provider(Call call) {
  Message request("AddIDPToLoginPolicyRequest", call.body);
  const std::string id(trim(request.text_between("idpId", 1, kMaxId)));
  const int owner_type = request.choice("ownerType", owner_types());
  if (call.level == Level::organisation && owner_type == 0)
    request.break_rule("ownerType", "value must not be in list [0]");
  if (request.error()) co_return std::unexpected(*request.error());
  if (id.empty())
    co_return std::unexpected(failure(Code::invalid_argument, level_id(call, "INSTANCE-9nf88", "ORG-9nf88"),
                                      "Errors.Invalid.Argument"));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    if (!policy) return std::unexpected(no_policy(call));
    const auto provider = find_provider(tx, call, id, call.level == Level::organisation && owner_type == 2);
    if (!provider)
      return std::unexpected(failure(Code::failed_precondition, level_id(call, "INSTANCE-m8fsd", "ORG-m8fsd"),
                                     "Errors.IDPConfig.NotExisting"));
    PolicyInForce in_force(tx, call.tenant);
    if (store::LoginPolicyStore(tx, call.tenant).add_provider(call.owner, provider->id) == store::Insert::duplicate)
      return std::unexpected(failure(Code::already_exists, level_id(call, "INSTANCE-2B0ps", "Org-2B0ps"),
                                     "Errors.IDPConfig.AlreadyExists"));
    json::object answer = write(tx, call, std::move(*policy), "Offer an identity provider");
    in_force.settle(call.now);
    return answer;
  });
}

Task<Answer> Policies::remove_provider(Call call) {
  const json::object members{{"idpId", call.path("idpId")}};
  Message request("RemoveIDPFromLoginPolicyRequest", members);
  const std::string id = request.text_between("idpId", 1, kMaxId);
  if (request.error()) co_return std::unexpected(*request.error());
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    if (!policy) return std::unexpected(no_policy(call));
    const auto provider = store::ConnectionStore(tx, call.tenant).find_by_zitadel_id(id);
    PolicyInForce in_force(tx, call.tenant);
    if (!provider || !store::LoginPolicyStore(tx, call.tenant).remove_provider(call.owner, provider->id))
      return std::unexpected(failure(Code::not_found, level_id(call, "INSTANCE-39fjs", "ORG-39fjs"),
                                     "Errors.IDPConfig.NotExisting"));
    json::object answer = write(tx, call, std::move(*policy), "Withdraw an identity provider");
    in_force.settle(call.now);
    return answer;
  });
}

Task<Answer> Policies::list_providers(Call call) {
  Message request("ListLoginPolicyIDPsRequest", call.body);
  const auto window = read_window(request);
  if (!window) co_return std::unexpected(window.error());
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto own = find_own(tx, call);
    const model::OrganisationId owner = own ? call.owner : model::OrganisationId();
    const auto policy = own ? own : store::LoginPolicyStore(tx, call.tenant).find({});
    if (!policy) return std::unexpected(no_policy(call));
    const json::array all = show_policy_providers(tx, call.tenant, owner);
    json::object answer{{"details", list_details(std::ssize(all), policy->version, call.now)}};
    json::array shown;
    for (auto at = window->offset; at < std::ssize(all) && at - window->offset < window->limit; ++at)
      shown.push_back(all[static_cast<std::size_t>(at)]);
    if (!shown.empty()) answer["result"] = std::move(shown);
    return answer;
  });
}

Task<Answer> Policies::list_factors(Call call, FactorKind kind) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    if (!policy) policy = store::LoginPolicyStore(tx, call.tenant).find({});
    if (!policy) return std::unexpected(no_policy(call));
    const json::array factors = factors_of(json::parse(policy->doc).as_object(), kind);
    json::object answer{{"details", list_details(std::ssize(factors), policy->version, call.now)}};
    if (!factors.empty()) answer["result"] = factors;
    return answer;
  });
}

Task<Answer> Policies::add_factor(Call call, FactorKind kind) {
  Message request(kind == FactorKind::second ? "AddSecondFactorToLoginPolicyRequest" : "AddMultiFactorToLoginPolicyRequest",
                  call.body);
  const auto factor = read_factor(request, kind);
  if (!factor) co_return std::unexpected(factor.error());
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    if (!policy) return std::unexpected(no_policy(call));
    json::value doc = json::parse(policy->doc);
    json::array factors = factors_of(doc.get_object(), kind);
    if (std::ranges::find(factors, json::value(*factor)) != factors.end())
      return std::unexpected(failure(Code::already_exists, level_id(call, "INSTANCE-B8XCa", "Org-B8XCa"),
                                     "Errors.IAM.LoginPolicy.Factor"));
    factors.emplace_back(*factor);
    doc.get_object()[factor_member(kind)] = std::move(factors);
    policy->doc = json::serialize(doc);
    return write(tx, call, std::move(*policy), "Add a factor to a login policy");
  });
}

Task<Answer> Policies::remove_factor(Call call, FactorKind kind) {
  const auto factor = find_factor(call.path("type"), kind,
                                  kind == FactorKind::second ? "RemoveSecondFactorFromLoginPolicyRequest"
                                                             : "RemoveMultiFactorFromLoginPolicyRequest");
  if (!factor) co_return std::unexpected(factor.error());
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto policy = find_own(tx, call);
    if (!policy) return std::unexpected(no_policy(call));
    json::value doc = json::parse(policy->doc);
    json::array factors = factors_of(doc.get_object(), kind);
    const auto* found = std::ranges::find(factors, json::value(*factor));
    if (found == factors.end())
      return std::unexpected(failure(Code::not_found, level_id(call, "INSTANCE-ADJSD", "Org-ADJSD"),
                                     "Errors.IAM.LoginPolicy.Factor"));
    factors.erase(found);
    doc.get_object()[factor_member(kind)] = std::move(factors);
    policy->doc = json::serialize(doc);
    return write(tx, call, std::move(*policy), "Remove a factor from a login policy");
  });
}

}  // namespace symbolon::zitadel
