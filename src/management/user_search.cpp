#include "management/user_search.h"

#include <algorithm>

#include "management/search_query.h"
#include "management/user_document.h"
#include "store/connection_store.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::int64_t kChunk = 500;
const SearchRules kSearch{
    .folded = {"email", "name", "given_name", "family_name", "nickname", "username"},
    .defaults = {"email", "name", "given_name", "family_name", "nickname", "username", "user_id"}};

struct UserQuestion {
  SearchQuery query;
  std::string sort_field;  ///< empty: by creation
  bool descending = false;
};

// A user that matches, with what it is sorted by.
struct Hit {
  UserId id;
  std::int64_t position = 0;
  json::value key;
};

struct HitStretch {
  std::vector<Hit> hits;
  std::int64_t position = 0;
  bool more = false;
};

Problem unknown_order() { return invalid_query("Sort by one field, as in created_at:-1", "sort", "Field and order"); }

std::expected<UserQuestion, Problem> read_question(const Call& call, const Paging& paging) {
  UserQuestion question;
  auto query = SearchQuery::parse(call.query.get("q"));
  if (!query) return std::unexpected(invalid_query(query.error(), "q", "Query in Lucene syntax"));
  question.query = std::move(*query);
  const std::string sort = call.query.get("sort");
  if (sort.empty()) return question;
  const auto colon = sort.rfind(':');
  if (colon == 0 || colon == std::string::npos) return std::unexpected(unknown_order());
  const std::string order = sort.substr(colon + 1);
  if (order != "1" && order != "-1") return std::unexpected(unknown_order());
  question.sort_field = sort.substr(0, colon);
  question.descending = order == "-1";
  if (question.sort_field == "created_at") question.sort_field.clear();
  if (paging.checkpoint && (question.descending || !question.sort_field.empty()))
    return std::unexpected(invalid_query("A list by cursor is in the order of creation", "sort", "Field and order"));
  return question;
}

// What the query demands and an index can find.
store::UserFilter filter_of(db::Transaction& tx, const TenantId& tenant, const SearchQuery& query) {
  store::UserFilter filter{.id = UserId(query.required("user_id").value_or("")),
                           .email = query.required("email").value_or(""),
                           .username = query.required("username").value_or("")};
  if (const auto name = query.required("identities.connection"))
    if (const auto connection = store::ConnectionStore(tx, tenant).find_by_name(*name))
      filter.connection = connection->id;
  return filter;
}

json::value key_of(const json::value& shown, const std::string& field) {
  const json::value* at = &shown;
  std::size_t start = 0;
  while (at && start <= field.size()) {
    const auto dot = std::min(field.find('.', start), field.size());
    at = at->is_object() ? at->get_object().if_contains(std::string_view(field).substr(start, dot - start)) : nullptr;
    start = dot + 1;
  }
  return at ? *at : json::value();
}

HitStretch search(db::Transaction& tx, const TenantId& tenant, const UserQuestion& question, std::int64_t position) {
  const bool newest_first = question.sort_field.empty() && question.descending;
  const auto stretch = store::UserStore(tx, tenant)
                           .scan(filter_of(tx, tenant, question.query), position, kChunk, newest_first);
  HitStretch found;
  for (std::size_t at = 0; at < stretch.users.size(); ++at) {
    const json::value shown = show_user(stretch.users[at]);
    if (!question.query.matches(shown, kSearch)) continue;
    json::value key = question.sort_field.empty() ? json::value() : key_of(shown, question.sort_field);
    found.hits.push_back({stretch.users[at].id, stretch.positions[at], std::move(key)});
  }
  found.more = std::cmp_equal(stretch.users.size(), kChunk);
  if (!stretch.positions.empty()) found.position = stretch.positions.back();
  return found;
}

// Numbers before truth values before texts, and whatever lacks the field behind them, whichever way the order goes.
enum class Rank { number, truth, text, nothing };

Rank rank(const json::value& key) {
  if (key.is_number()) return Rank::number;
  if (key.is_bool()) return Rank::truth;
  return key.is_string() ? Rank::text : Rank::nothing;
}

// Of two keys of one rank.
bool comes_before(const json::value& left, const json::value& right) {
  switch (rank(left)) {
    case Rank::number: return left.to_number<double>() < right.to_number<double>();
    case Rank::truth: return !left.get_bool() && right.get_bool();
    case Rank::text: return left.get_string() < right.get_string();
    case Rank::nothing: return false;
  }
  throw std::logic_error("Rank outside its enumerators");
}

void sort_hits(std::vector<Hit>& hits, bool descending) {
  std::ranges::sort(hits, [descending](const Hit& left, const Hit& right) {
    if (rank(left.key) != rank(right.key)) return rank(left.key) < rank(right.key);
    if (comes_before(left.key, right.key)) return !descending;
    if (comes_before(right.key, left.key)) return descending;
    return left.position < right.position;
  });
}

// The window of what was found; a user who has gone meanwhile is left out.
store::Page<model::User> read_page(db::Transaction& tx, const TenantId& tenant, const std::vector<Hit>& hits,
                                   const store::Window& window) {
  store::UserStore users(tx, tenant);
  store::Page<model::User> page;
  page.total = static_cast<std::int64_t>(hits.size());
  const std::int64_t end = std::min(window.offset + window.limit, page.total);
  for (std::int64_t at = window.offset; at < end; ++at)
    if (auto user = users.find(hits[static_cast<std::size_t>(at)].id)) page.items.push_back(std::move(*user));
  if (window.limit > 0 && window.offset < end && end < page.total)
    page.next = hits[static_cast<std::size_t>(end - 1)].position;
  return page;
}

// Throws db::BudgetExceeded.
Task<store::Page<model::User>> search_all(const Services& services, const TenantId& tenant,
                                          const UserQuestion& question, const Paging& paging) {
  db::StepBudget budget(services.search_steps);
  // One more than the window says whether there is a next page; totals and other orders need them all.
  const bool all = (paging.wrapped && !paging.checkpoint) || !question.sort_field.empty();
  const std::int64_t enough = paging.window.offset + paging.window.limit + 1;
  std::vector<Hit> hits;
  for (HitStretch stretch{.hits = {}, .position = paging.window.after, .more = true};
       stretch.more && (all || std::cmp_less(hits.size(), enough));) {
    const std::int64_t position = stretch.position;
    stretch = co_await services.db.search(
        budget, [&](db::Transaction& tx) { return search(tx, tenant, question, position); });
    std::ranges::move(stretch.hits, std::back_inserter(hits));
  }
  if (!question.sort_field.empty()) sort_hits(hits, question.descending);
  co_return co_await services.db.read(
      [&](db::Transaction& tx) { return read_page(tx, tenant, hits, paging.window); });
}

}  // namespace

Task<std::expected<store::Page<model::User>, Problem>> search_users(const Services& services, Call call,
                                                                    Paging paging) {
  const auto question = read_question(call, paging);
  if (!question) co_return std::unexpected(question.error());
  try {
    co_return co_await search_all(services, call.tenant, *question, paging);
  } catch (const db::BudgetExceeded&) {
    co_return std::unexpected(search_too_large(
        "Ask for an exact user_id, email or username, and leave out sort and include_totals."));
  }
}

}  // namespace symbolon::management
