#include "management/user_lists.h"

#include "management/paging.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

struct List {
  const char* operation;
  const char* plural;
  bool always_wrapped;
};
constexpr List kLists[] = {{"user_connected_accounts", "connected_accounts", true},
                           {"user_tokensets", "tokensets", false},
                           {"user_roles", "roles", false},
                           {"user_permissions", "permissions", false},
                           {"user_organizations", "organizations", false},
                           {"user_authentication_methods", "authenticators", false},
                           {"user_enrollments", "enrollments", false}};

}  // namespace

void UserLists::register_on(Api& api) {
  for (const List& list : kLists)
    api.on(list.operation, [this, list](Call call) {
      return show_nothing(std::move(call), list.plural, list.always_wrapped);
    });
  for (const char* operation : {"user_blocks", "user_blocks_by_identifier"})
    api.on(operation, [this](Call call) { return show_no_blocks(std::move(call)); });
  for (const char* operation : {"user_unblock", "user_unblock_by_identifier"})
    api.on(operation, [this](Call call) { return lift_no_blocks(std::move(call)); });
}

Task<Answer> UserLists::show_nothing(Call call, std::string plural, bool always_wrapped) {
  const Instant now = services_.clock.now();
  if (!co_await knows_user(call)) co_return std::unexpected(no_such_user());
  const PagingRules rules{.plural = plural, .checkpoint_only = always_wrapped};
  const auto paging = read_paging(call, rules, plural, services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  co_return json_answer(200, page_answer(rules, *paging, {}, {}, 0, call, services_.box, now));
}

Task<Answer> UserLists::show_no_blocks(Call call) {
  if (!co_await knows_user(call)) co_return std::unexpected(no_such_user());
  co_return json_answer(200, json::object{{"blocked_for", json::array()}});
}

Task<Answer> UserLists::lift_no_blocks(Call call) {
  if (!co_await knows_user(call)) co_return std::unexpected(no_such_user());
  co_return http::empty_response(204);
}

Task<bool> UserLists::knows_user(const Call& call) {
  if (call.path("id").empty()) co_return true;
  co_return co_await services_.db.read([&](db::Transaction& tx) {
    return store::UserStore(tx, call.tenant).find(UserId(call.path("id"))).has_value();
  });
}

}  // namespace symbolon::management
