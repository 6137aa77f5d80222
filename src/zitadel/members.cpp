#include "zitadel/members.h"

#include "base/text.h"
#include "login/organisation.h"
#include "model/number_id.h"
#include "store/organisation_store.h"
#include "store/service_user_store.h"
#include "store/user_store.h"
#include "zitadel/audit.h"
#include "zitadel/message.h"
#include "zitadel/permissions.h"
#include "zitadel/policy_view.h"
#include "zitadel/wire.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;
using http::Method;

constexpr std::size_t kMaxId = 1024;  // of a person: strategy, connection and subject
constexpr std::size_t kMaxName = 200;

bool exists(db::Transaction& tx, const TenantId& tenant, const std::string& user) {
  return store::UserStore(tx, tenant).find(UserId(user)).has_value() ||
         store::ServiceUserStore(tx, tenant).find(model::ServiceUserId(user)).has_value();
}

Details details_of(const Call& call, Instant since) { return {1, since, call.now, call.caller.instance.id}; }

// The one query that is understood: by id. Any other would be answered with people whom nobody asked for.
std::expected<std::optional<std::string>, Error> read_user_query(Message& request) {
  std::optional<std::string> user;
  const json::array* queries = request.array("queries");
  if (request.error()) return std::unexpected(*request.error());
  if (!queries) return user;
  for (const json::value& item : *queries) {
    const auto invalid = [] {
      return std::unexpected(plain(Code::invalid_argument, "members are searched by one userIdQuery only"));
    };
    if (!item.is_object() || user) return invalid();
    Message query("SearchQuery", item.get_object());
    const json::object* given = query.object("userIdQuery");
    if (!given || query.error()) return invalid();
    Message by_id("UserIDQuery", *given);
    user = by_id.text_between("userId", 0, kMaxId);
    if (by_id.error()) return std::unexpected(*by_id.error());
  }
  return user;
}

json::object show_organisation(const model::Organisation& organisation, const http::Site& site) {
  json::object shown{{"id", organisation.id.str()},
          {"details", read({organisation.version, organisation.created_at, organisation.updated_at,
                            organisation.id.str()})},
          {"state", "ORG_STATE_ACTIVE"},
          {"name", organisation.name}};
  if (!organisation.domain_label.empty()) shown["primaryDomain"] = login::primary_domain(organisation, site);
  return shown;
}

}  // namespace

void Members::register_on(Api& api) {
  const auto call = [this](auto method) {
    return [this, method](Call given) { return (this->*method)(std::move(given)); };
  };
  api.on(Method::post, "/admin/v1/members", "iam.member.write", call(&Members::add));
  api.on(Method::put, "/admin/v1/members/{userId}", "iam.member.write", call(&Members::replace));
  api.on(Method::del, "/admin/v1/members/{userId}", "iam.member.delete", call(&Members::remove));
  api.on(Method::post, "/admin/v1/members/_search", "iam.member.read", call(&Members::list));
  api.on(Method::get, "/admin/v1/orgs/default", "iam.read", call(&Members::default_organisation));
  api.on(Method::get, "/management/v1/orgs/me", "org.read", call(&Members::my_organisation));
  api.on(Method::post, "/management/v1/orgs", "org.create", call(&Members::add_organisation));
}

Task<Answer> Members::add(Call call) { return put(std::move(call), true); }
Task<Answer> Members::replace(Call call) { return put(std::move(call), false); }

Task<Answer> Members::put(Call call, bool is_new) {
  Message request(is_new ? "AddIAMMemberRequest" : "UpdateIAMMemberRequest", call.body);
  const std::string user = is_new ? request.text_between("userId", 1, kMaxId) : call.path("userId");
  const auto roles = request.texts("roles");
  if (request.error()) co_return std::unexpected(*request.error());
  for (const std::string& role : roles)
    if (!is_instance_role(role))
      co_return std::unexpected(failure(Code::invalid_argument, "INSTANCE-4m0fS", "Errors.Invalid.Argument"));
  if (roles.empty())
    co_return std::unexpected(failure(Code::invalid_argument, "INSTANCE-4m0fS", "Errors.Invalid.Argument"));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    if (!exists(tx, call.tenant, user))
      return std::unexpected(failure(Code::failed_precondition, "INSTANCE-4N8es", "Errors.User.NotFound"));
    store::OrganisationStore members(tx, call.tenant);
    if (!is_new) {
      bool known = false;
      for (const auto& membership : members.memberships_of(user)) known = known || membership.organisation.empty();
      if (!known) return std::unexpected(failure(Code::not_found, "INSTANCE-D8JxR", "Errors.Member.NotFound"));
    }
    if (members.put_membership({user, {}, roles, call.now}, !is_new) == store::Insert::duplicate)
      return std::unexpected(failure(Code::already_exists, "INSTANCE-sdgQ4", "Errors.Member.AlreadyExists"));
    log_write(tx, call, is_new ? "Add a member" : "Change a member", {user});
    const Details details = details_of(call, call.now);
    return json::object{{"details", is_new ? created(details) : changed(details)}};
  });
}

Task<Answer> Members::remove(Call call) {
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    if (!store::OrganisationStore(tx, call.tenant).remove_membership(call.path("userId"), {}))
      return std::unexpected(failure(Code::not_found, "INSTANCE-75jsL", "Errors.Member.NotFound"));
    log_write(tx, call, "Remove a member", {call.path("userId")});
    return json::object{{"details", changed(details_of(call, call.now))}};
  });
}

Task<Answer> Members::list(Call call) {
  Message request("ListIAMMembersRequest", call.body);
  const auto window = read_window(request);
  const auto user = read_user_query(request);
  if (!window || !user) co_return std::unexpected(window ? user.error() : window.error());
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    auto members = store::OrganisationStore(tx, call.tenant).list_members({});
    if (*user) std::erase_if(members, [&](const model::Membership& member) { return member.user != **user; });
    json::array result;
    for (auto at = window->offset; at < std::ssize(members) && at - window->offset < window->limit; ++at) {
      const model::Membership& member = members[static_cast<std::size_t>(at)];
      result.push_back(json::object{
          {"userId", member.user},
          {"details", read({1, member.created_at, member.created_at, call.caller.instance.id})},
          {"roles", json::value_from(member.roles)}});
    }
    json::object answer{{"details", list_details(std::ssize(members), 0, call.now)}};
    if (!result.empty()) answer["result"] = std::move(result);
    return answer;
  });
}

Task<Answer> Members::default_organisation(Call call) {
  co_return json::object{{"org", show_organisation(call.caller.instance.organisation, *call.http.site)}};
}

Task<Answer> Members::my_organisation(Call call) {
  const auto found = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::OrganisationStore(tx, call.tenant).find(call.owner); });
  if (!found) co_return std::unexpected(failure_saying(Code::not_found, "QUERY-iTTGJ", "The organisation is gone"));
  co_return json::object{{"org", show_organisation(*found, *call.http.site)}};
}

Task<Answer> Members::add_organisation(Call call) {
  Message request("AddOrgRequest", call.body);
  const std::string name(trim(request.text_between("name", 1, kMaxName)));
  if (request.error()) co_return std::unexpected(*request.error());
  if (name.empty())
    co_return std::unexpected(failure(Code::invalid_argument, "ORG-mruNY", "Errors.Invalid.Argument"));
  const model::Organisation made{.tenant = call.tenant,
                                 .id = model::OrganisationId(model::make_number_id(call.now, services_.random)),
                                 .name = name,
                                 .domain_label = model::make_domain_label(name),
                                 .is_default = false,
                                 .version = 1,
                                 .created_at = call.now,
                                 .updated_at = call.now};
  const bool added = co_await services_.db.write([&](db::Transaction& tx) {
    store::OrganisationStore organisations(tx, call.tenant);
    // Its domain names it in scopes, so that no two may have one.
    if (organisations.has_domain_label(made.domain_label)) return false;
    organisations.insert(made);
    log_write(tx, call, "Add an organisation", {made.id.str()});
    return true;
  });
  if (!added) co_return std::unexpected(failure(Code::already_exists, "V2-DW2f6", "Errors.Org.AlreadyExisting"));
  co_return json::object{{"id", made.id.str()}, {"details", created({1, call.now, call.now, made.id.str()})}};
}

}  // namespace symbolon::zitadel
