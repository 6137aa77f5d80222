#include "store/log_store.h"

#include <algorithm>
#include <stdexcept>

#include "store/row_reader.h"
#include "store/sequence.h"

namespace symbolon::store {
namespace {

// A log id is this prefix and a fixed number of digits: the millisecond, then four digits that count within it.
constexpr std::string_view kPrefix = "90020";
constexpr std::size_t kDigits = 17;
constexpr std::int64_t kPerMillisecond = 10000;
constexpr std::int64_t kNumberEnd = 99'999'999'999'999'999;

// The index by user leaves out what is about nobody; said in so many words, it is used.
constexpr std::string_view kHasUser = " AND user_id <> ''";

constexpr std::string_view kColumns =
    "log_id, date, type, description, client_id, client_name, connection_id, connection, strategy, user_id, user_name,"
    " ip, user_agent, hostname, audience, scope, reference, details";

std::string to_log_id(std::int64_t number) {
  if (number > kNumberEnd) throw std::logic_error("a log event from a time that has no log ids");
  const std::string digits = std::to_string(number);
  std::string id(kPrefix);
  id.append(kDigits - digits.size(), '0');
  return id += digits;
}

// Every event of this moment or later has this number or a larger one, whatever the clock did in between.
std::int64_t first_number_at(Instant at) {
  constexpr std::int64_t kLast = kNumberEnd / kPerMillisecond;
  return std::clamp<std::int64_t>(to_epoch_millis(at), 0, kLast) * kPerMillisecond;
}

std::string select(std::string_view rest) {
  std::string sql = "SELECT ";
  sql += kColumns;
  sql += rest;
  return sql;
}

model::LogEvent read_event(RowReader row) {
  return {.log_id = row.text(),
          .date = row.instant(),
          .type = row.text(),
          .description = row.text(),
          .client = row.id<ClientId>(),
          .client_name = row.text(),
          .connection_id = row.id<ConnectionId>(),
          .connection = row.text(),
          .strategy = row.text(),
          .user = row.id<UserId>(),
          .user_name = row.text(),
          .ip = row.text(),
          .user_agent = row.text(),
          .hostname = row.text(),
          .audience = row.text(),
          .scope = row.text(),
          .reference = row.text_or_empty(),
          .details = row.text()};
}

// The condition of a filter, with its values behind `values`.
std::string condition_of(const LogFilter& filter, std::vector<db::Value>& values) {
  std::string sql = " WHERE tenant = ?1";
  const auto add = [&](std::string_view column, const std::string& value) {
    if (value.empty()) return;
    values.push_back(value);
    sql += " AND ";
    sql += column;
    sql += " = ?" + std::to_string(values.size());
  };
  add("user_id", filter.user.str());
  if (!filter.user.empty()) sql += kHasUser;
  add("type", filter.type);
  add("client_id", filter.client.str());
  add("connection_id", filter.connection.str());
  add("reference", filter.reference);
  if (filter.only_of_users) sql += kHasUser;
  if (filter.since) {
    values.push_back(to_log_id(first_number_at(*filter.since)));
    sql += " AND log_id >= ?" + std::to_string(values.size());
  }
  return sql;
}

}  // namespace

std::string first_log_id_of(Instant moment) { return to_log_id(first_number_at(moment)); }

std::string LogStore::insert(model::LogEvent event) {
  const auto floor = std::max<std::int64_t>(to_epoch_millis(event.date), 0) * kPerMillisecond;
  std::string log_id = to_log_id(next_number_from(tx_, tenant_, "log_events", floor));
  tx_.execute(
      "INSERT INTO log_events (tenant, log_id, date, type, description, client_id, client_name, connection_id,"
      " connection, strategy, user_id, user_name, ip, user_agent, hostname, audience, scope, reference, details)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
      {tenant_, log_id, event.date, event.type, event.description, event.client, event.client_name, event.connection_id,
       event.connection, event.strategy, event.user, event.user_name, event.ip, event.user_agent, event.hostname,
       event.audience, event.scope, null_if_empty(event.reference), event.details});
  return log_id;
}

LoginCount LogStore::count_logins(Instant from, Instant to) {
  const auto row = tx_.query_one(
      "SELECT count(*), COALESCE(SUM(CASE WHEN details LIKE '%\"user_created\":true%' THEN 1 ELSE 0 END), 0)"
      " FROM log_events WHERE tenant = ?1 AND log_id >= ?2 AND log_id < ?3 AND type = 's'",
      {tenant_, to_log_id(first_number_at(from)), to_log_id(first_number_at(to))});
  return {row->integer(0), row->integer(1)};
}

std::optional<model::LogEvent> LogStore::find(std::string_view log_id) {
  static const std::string kSql = select(" FROM log_events WHERE tenant = ?1 AND log_id = ?2");
  return read_one(tx_.query(kSql, {tenant_, log_id}), read_event);
}

std::optional<model::LogEvent> LogStore::find_by_reference(std::string_view reference) {
  static const std::string kSql =
      select(" FROM log_events WHERE tenant = ?1 AND reference = ?2 ORDER BY log_id DESC LIMIT 1");
  return read_one(tx_.query(kSql, {tenant_, reference}), read_event);
}

std::vector<model::LogEvent> LogStore::scan(const LogFilter& filter, std::string_view log_id, std::int64_t limit,
                                            bool newest_first) {
  std::vector<db::Value> values{tenant_};
  std::string sql = select(" FROM log_events") + condition_of(filter, values);
  if (!log_id.empty()) {
    values.push_back(log_id);
    sql += (newest_first ? " AND log_id < ?" : " AND log_id > ?") + std::to_string(values.size());
  }
  values.push_back(std::max<std::int64_t>(limit, 0));
  sql += newest_first ? " ORDER BY log_id DESC LIMIT ?" : " ORDER BY log_id LIMIT ?";
  sql += std::to_string(values.size());
  return read_all(tx_.query(sql, std::move(values)), read_event);
}

std::int64_t LogStore::count(const LogFilter& filter) {
  std::vector<db::Value> values{tenant_};
  const std::string sql = "SELECT count(*) FROM log_events" + condition_of(filter, values);
  return tx_.query(sql, std::move(values)).front().integer(0);
}

}  // namespace symbolon::store
