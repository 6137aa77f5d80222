#include "management/users.h"

#include "management/etag.h"
#include "management/paging.h"
#include "management/user_document.h"
#include "management/user_search.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "users", .default_per_page = 50, .default_take = 50, .offset_cap = 1000,
                         .with_length = true};

}  // namespace

void Users::register_on(Api& api) {
  api.on("users_list", [this](Call call) { return list(std::move(call)); });
  api.on("users_get", [this](Call call) { return get(std::move(call)); });
  api.on("users_by_email", [this](Call call) { return find_by_email(std::move(call)); });
}

Task<Answer> Users::list(Call call) {
  const std::string engine = call.query.get("search_engine");
  if (!engine.empty() && engine != "v3")
    co_return std::unexpected(
        Problem{400, "operation_not_supported", "You are not allowed to use search_engine=" + engine + "."});
  const Instant now = services_.clock.now();
  auto paging = read_paging(call, kRules, "users", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  std::expected<store::Page<model::User>, Problem> page;
  if (call.query.has("q") || call.query.has("sort"))
    page = co_await search_users(services_, call, *paging);
  else
    page = co_await services_.db.read(
        [&](db::Transaction& tx) { return store::UserStore(tx, call.tenant).list(paging->window); });
  if (!page) co_return std::unexpected(page.error());
  const FieldFilter fields(call, "user_id");
  json::array items;
  for (const model::User& user : page->items) items.push_back(fields.apply(show_user(user)));
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), page->next, page->total, call,
                                         services_.box, now));
}

Task<Answer> Users::get(Call call) {
  // read:current_user is a person's scope for her own record (management-api A-4).
  if (!call.caller.has("read:users") && call.path("id") != call.caller.subject)
    co_return std::unexpected(
        Problem{403, "insufficient_scope", "User to be acted on does not match subject in bearer token."});
  const auto user = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::UserStore(tx, call.tenant).find(UserId(call.path("id"))); });
  if (!user) co_return std::unexpected(no_such_user());
  http::Response response = json_answer(200, FieldFilter(call, "user_id").apply(show_user(*user)));
  set_etag(response, user->version);
  co_return response;
}

Task<Answer> Users::find_by_email(Call call) {
  const auto users = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::UserStore(tx, call.tenant).find_by_email(call.query.get("email")); });
  const FieldFilter fields(call, "user_id");
  json::array items;
  for (const model::User& user : users) items.push_back(fields.apply(show_user(user)));
  co_return json_answer(200, items);
}

}  // namespace symbolon::management
