#include "management/logs.h"

#include <algorithm>

#include "http/form.h"
#include "management/log_document.h"
#include "management/paging.h"
#include "management/search_query.h"
#include "store/log_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "logs", .offset_cap = 1000, .with_length = true};
constexpr std::int64_t kChunk = 500;
const SearchRules kSearch{.folded = {"user_name", "description"},
                          .defaults = {"type", "description", "client_id", "client_name", "connection", "connection_id",
                                       "ip", "hostname", "user_id", "user_name", "strategy", "reference", "log_id"}};

// What a call asks for.
struct LogQuestion {
  store::LogFilter filter;
  SearchQuery query;
  bool newest_first = true;
  store::Window window;
  bool with_total = false;
};

// The events of one stretch of the log that match, as they are shown.
struct LogStretch {
  std::vector<json::value> found;
  std::string position;
  bool more = false;
};

std::expected<bool, Problem> read_newest_first(const Call& call) {
  const std::string sort = call.query.get("sort");
  if (sort.empty() || sort == "date:-1") return true;
  if (sort == "date:1") return false;
  return std::unexpected(invalid_query("Logs are sorted by date:1 or date:-1", "sort", ""));
}

// Whoever may only read what users did does not see the rest.
store::LogFilter visible(const Call& call) {
  store::LogFilter filter;
  filter.only_of_users = !call.caller.has("read:logs");
  if (!call.path("id").empty()) filter.user = UserId(call.path("id"));
  return filter;
}

// What the query demands and the store can look up itself.
void narrow(store::LogFilter& filter, const SearchQuery& query) {
  if (filter.user.empty()) filter.user = UserId(query.required("user_id").value_or(""));
  filter.type = query.required("type").value_or("");
  filter.client = ClientId(query.required("client_id").value_or(""));
  filter.connection = ConnectionId(query.required("connection_id").value_or(""));
  filter.reference = query.required("reference").value_or("");
  filter.since = query.required_since("date");
}

std::expected<LogQuestion, Problem> read_question(const Call& call, const Paging& paging) {
  LogQuestion question{.filter = visible(call), .query = {}, .window = paging.window, .with_total = paging.wrapped};
  const auto newest_first = read_newest_first(call);
  if (!newest_first) return std::unexpected(newest_first.error());
  question.newest_first = *newest_first;
  const std::string text = call.query.has("q") ? call.query.get("q") : call.query.get("search");
  auto query = SearchQuery::parse(text);
  if (!query) return std::unexpected(invalid_query(query.error(), "q", "Search in Lucene syntax"));
  question.query = std::move(*query);
  narrow(question.filter, question.query);
  return question;
}

LogStretch search(db::Transaction& tx, const Call& call, const LogQuestion& question, const std::string& position,
                  std::int64_t limit) {
  LogStretch stretch;
  const auto events = store::LogStore(tx, call.tenant).scan(question.filter, position, limit, question.newest_first);
  for (const model::LogEvent& event : events) {
    json::value shown = show_log_event(call.tenant, event);
    if (question.query.matches(shown, kSearch)) stretch.found.push_back(std::move(shown));
  }
  stretch.more = std::cmp_equal(events.size(), limit);
  if (!events.empty()) stretch.position = events.back().log_id;
  return stretch;
}

// Where the next call goes on (management-api §6.1).
void link_next(http::Response& response, const Call& call, const std::string& last, std::int64_t take) {
  std::vector<std::pair<std::string, std::string>> parameters{{"from", last}, {"take", std::to_string(take)}};
  for (const char* name : {"fields", "include_fields"})
    if (call.query.has(name)) parameters.emplace_back(name, call.query.get(name));
  const std::string query = http::encode_form(parameters);
  response.headers.set("Link", "<" + call.http.site->base_url + call.http.path + "?" + query + ">; rel=\"next\"");
}

// Events behind a position, and how far the log was looked through for them.
struct LogTail {
  std::vector<model::LogEvent> events;
  std::string position;  // empty: there was nothing
};

// What is about nobody has no index to be left out by, so the log is looked through stretch by stretch, as far as the
// budget goes. Throws db::BudgetExceeded when that is nowhere.
Task<LogTail> read_tail(const Services& services, const Call& call, const std::string& from, std::int64_t limit) {
  store::LogFilter filter = visible(call);
  const bool picks = filter.only_of_users && filter.user.empty();
  if (picks) filter.only_of_users = false;
  const std::int64_t stretch = picks ? kChunk : limit;
  db::StepBudget budget(services.search_steps);
  LogTail tail;
  std::vector<model::LogEvent> read;
  do {
    const std::string after = tail.position.empty() ? from : tail.position;
    try {
      read = co_await services.db.search(
          budget, [&](db::Transaction& tx) { return store::LogStore(tx, call.tenant).scan(filter, after, stretch, false); });
    } catch (const db::BudgetExceeded&) {
      if (tail.position.empty()) throw;
      break;
    }
    for (model::LogEvent& event : read) {
      tail.position = event.log_id;
      if (!picks || !event.user.empty()) tail.events.push_back(std::move(event));
      if (std::cmp_equal(tail.events.size(), limit)) co_return tail;
    }
  } while (std::cmp_equal(read.size(), stretch));
  co_return tail;
}

// Throws db::BudgetExceeded.
Task<Answer> list_after(const Services& services, Call call) {
  const std::string take = call.query.get("take");
  const std::int64_t limit = take.empty() ? kRules.default_take : std::stoll(take);
  const LogTail tail = co_await read_tail(services, call, call.query.get("from"), limit);
  const FieldFilter fields(call, "log_id");
  json::array items;
  for (const model::LogEvent& event : tail.events) items.push_back(fields.apply(show_log_event(call.tenant, event)));
  http::Response response = json_answer(200, items);
  if (!tail.position.empty()) link_next(response, call, tail.position, limit);
  co_return response;
}

// Throws db::BudgetExceeded.
Task<Answer> list_pages(const Services& services, Call call) {
  const Instant now = services.clock.now();
  auto paging = read_paging(call, kRules, "logs", services.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  auto question = read_question(call, *paging);
  if (!question) co_return std::unexpected(question.error());
  const FieldFilter fields(call, "log_id");
  // Without a query, nobody has to look at the events to count them.
  const bool count_alone = question->query.is_everything();
  const std::int64_t end = question->window.offset + question->window.limit;
  json::array items;
  std::int64_t total = 0;
  // Stretch by stretch, so that no long transaction keeps the database from tidying up.
  db::StepBudget budget(services.search_steps);
  for (LogStretch stretch{.found = {}, .position = {}, .more = true}; stretch.more;) {
    if (total >= end && (count_alone || !question->with_total)) break;
    const std::string position = stretch.position;
    const std::int64_t limit = count_alone ? std::min(kChunk, end - total) : kChunk;
    stretch = co_await services.db.search(
        budget, [&](db::Transaction& tx) { return search(tx, call, *question, position, limit); });
    for (json::value& shown : stretch.found) {
      if (total >= question->window.offset && total < end)
        items.push_back(fields.apply(std::move(shown.get_object())));
      total += 1;
    }
  }
  if (count_alone && question->with_total)
    total = co_await services.db.search(
        budget, [&](db::Transaction& tx) { return store::LogStore(tx, call.tenant).count(question->filter); });
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), {}, total, call, services.box, now));
}

}  // namespace

void Logs::register_on(Api& api) {
  api.on("logs_list", [this](Call call) { return list(std::move(call)); });
  api.on("logs_get", [this](Call call) { return get(std::move(call)); });
  api.on("user_logs", [this](Call call) { return list(std::move(call)); });
}

Task<Answer> Logs::list(Call call) {
  try {
    if (call.query.has("take") || call.query.has("from")) co_return co_await list_after(services_, std::move(call));
    co_return co_await list_pages(services_, std::move(call));
  } catch (const db::BudgetExceeded&) {
    co_return std::unexpected(search_too_large(
        "Ask for one user_id or reference, or for the newest with date:[2026-01-31 TO *], and leave out include_totals."));
  }
}

Task<Answer> Logs::get(Call call) {
  const std::string id = call.path("id");
  const auto event =
      co_await services_.db.read([&](db::Transaction& tx) { return store::LogStore(tx, call.tenant).find(id); });
  const bool hidden = event && event->user.empty() && !call.caller.has("read:logs");
  if (!event || hidden) co_return std::unexpected(not_found("inexistent_log", "The log event does not exist."));
  co_return json_answer(200, FieldFilter(call, "log_id").apply(show_log_event(call.tenant, *event)));
}

}  // namespace symbolon::management
