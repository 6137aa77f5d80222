#include "zitadel/provider_query.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "store/connection_store.h"
#include "zitadel/message.h"
#include "zitadel/policy_view.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr std::int64_t kWindow = 1000;
constexpr std::size_t kMaxText = 200;

constexpr std::array<std::pair<std::string_view, int>, 8> kMethods{
    {{"TEXT_QUERY_METHOD_EQUALS", 0},
     {"TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE", 1},
     {"TEXT_QUERY_METHOD_STARTS_WITH", 2},
     {"TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE", 3},
     {"TEXT_QUERY_METHOD_CONTAINS", 4},
     {"TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE", 5},
     {"TEXT_QUERY_METHOD_ENDS_WITH", 6},
     {"TEXT_QUERY_METHOD_ENDS_WITH_IGNORE_CASE", 7}}};

ProviderCondition read_id(Message& message) {
  return {.kind = ProviderCondition::Kind::id, .text = message.text_between("id", 0, kMaxText)};
}

ProviderCondition read_name(Message& message) {
  ProviderCondition condition{.kind = ProviderCondition::Kind::name,
                              .text = message.text_between("name", 0, kMaxText)};
  condition.method = static_cast<TextMethod>(message.choice("method", kMethods));
  return condition;
}

ProviderCondition read_owner(Message& message) {
  return {.kind = ProviderCondition::Kind::owner_type, .owner_type = message.choice("ownerType", owner_types())};
}

struct ConditionReader {
  std::string_view member, message;
  ProviderCondition (*read)(Message&);
  bool of_organisation_only;
};
constexpr ConditionReader kReaders[] = {
    {"idpIdQuery", "IDPIDQuery", read_id, false},
    {"idpNameQuery", "IDPNameQuery", read_name, false},
    {"ownerTypeQuery", "IDPOwnerTypeQuery", read_owner, true},
};

std::expected<ProviderCondition, Error> read_condition(const json::value& item, Level level) {
  const auto invalid = [&] {
    return std::unexpected(failure(Code::invalid_argument, level == Level::instance ? "ADMIN-Dr2aa" : "ORG-Dr2aa",
                                   "List.Query.Invalid"));
  };
  if (!item.is_object()) return std::unexpected(plain(Code::invalid_argument, "a query must be an object"));
  Message query("ProviderQuery", item.get_object());
  std::optional<ProviderCondition> found;
  for (const ConditionReader& reader : kReaders) {
    if (reader.of_organisation_only && level == Level::instance) continue;
    const json::object* given = query.object(reader.member);
    if (query.error()) return std::unexpected(*query.error());
    if (!given) continue;
    if (found) return invalid();
    Message message(std::string(reader.message), *given);
    found = reader.read(message);
    if (message.error()) return std::unexpected(*message.error());
  }
  if (!found) return invalid();
  return std::move(*found);
}

bool holds(const ProviderCondition& condition, const model::Connection& connection) {
  switch (condition.kind) {
    case ProviderCondition::Kind::id: return connection.zitadel_id == condition.text;
    case ProviderCondition::Kind::name: return matches(connection.label(), condition.text, condition.method);
    case ProviderCondition::Kind::owner_type:
      return condition.owner_type == 0 || (condition.owner_type == 1) == connection.zitadel_owner.empty();
  }
  return false;
}

void collect(db::Transaction& tx, const Call& call, const std::string& owner, const ProviderQuery& query,
             std::vector<model::Connection>& out) {
  store::ConnectionStore connections(tx, call.tenant);
  const store::ConnectionFilter filter{.strategies = {}, .name = {}, .enabled_for = {}, .zitadel_owner = owner,
                                       .only_zitadel = true};
  store::Window window{.after = 0, .offset = 0, .limit = kWindow};
  for (;;) {
    auto page = connections.list(filter, window);
    for (model::Connection& connection : page.items)
      if (std::ranges::all_of(query.conditions, [&](const auto& one) { return holds(one, connection); }))
        out.push_back(std::move(connection));
    if (!page.next) return;
    window.after = *page.next;
  }
}

}  // namespace

bool matches(const std::string& name, const std::string& wanted, TextMethod method) {
  switch (method) {
    case TextMethod::equals: return name == wanted;
    case TextMethod::starts_with: return name.starts_with(wanted);
    case TextMethod::contains: return name.contains(wanted);
    case TextMethod::ends_with: return name.ends_with(wanted);
    case TextMethod::equals_ignore_case: return equals_ignoring_case(name, wanted);
    case TextMethod::starts_with_ignore_case: return to_lower_ascii(name).starts_with(to_lower_ascii(wanted));
    case TextMethod::contains_ignore_case: return to_lower_ascii(name).contains(to_lower_ascii(wanted));
    case TextMethod::ends_with_ignore_case: return to_lower_ascii(name).ends_with(to_lower_ascii(wanted));
  }
  return false;
}

std::expected<ProviderQuery, Error> read_provider_query(const Call& call) {
  ProviderQuery out;
  Message request("ListProvidersRequest", call.body);
  const auto window = read_window(request);
  if (!window) return std::unexpected(window.error());
  out.offset = window->offset;
  out.limit = window->limit;
  if (const json::array* queries = request.array("queries"))
    for (const json::value& item : *queries) {
      auto condition = read_condition(item, call.level);
      if (!condition) return std::unexpected(std::move(condition.error()));
      out.conditions.push_back(std::move(*condition));
    }
  if (request.error()) return std::unexpected(*request.error());
  return out;
}

FoundProviders find_providers(db::Transaction& tx, const Call& call, const ProviderQuery& query) {
  std::vector<model::Connection> all;
  collect(tx, call, "", query, all);
  if (!call.owner.empty()) collect(tx, call, call.owner.str(), query, all);
  std::ranges::sort(all, {}, &model::Connection::zitadel_id);
  FoundProviders found;
  found.total = std::ssize(all);
  for (const model::Connection& connection : all) found.sequence = std::max(found.sequence, connection.version);
  for (std::int64_t at = query.offset; at < found.total && at - query.offset < query.limit; ++at)
    found.shown.push_back(std::move(all[static_cast<std::size_t>(at)]));
  return found;
}

}  // namespace symbolon::zitadel
