#include "management/paging.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/text.h"
#include "json/object_text.h"
#include "tickets/page_token.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

// The contract has checked form and bounds; an absent parameter keeps the default.
std::int64_t number(const http::Form& query, std::string_view name, std::int64_t otherwise) {
  const std::string text = query.get(name);
  std::int64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string canonical_filters(const Call& call, std::string_view resource) {
  static constexpr std::string_view kPaging[] = {"take",   "from",           "page", "per_page", "include_totals",
                                                 "fields", "include_fields", "sort"};
  std::vector<std::pair<std::string, std::string>> filters;
  for (const auto& field : call.query.all())
    if (std::ranges::find(kPaging, field.first) == std::end(kPaging)) filters.push_back(field);
  std::ranges::sort(filters);
  return std::string(resource) + "?" + http::encode_form(filters);
}

// What stands around the items of a page.
json::object frame_of(const PagingRules& rules, const Paging& paging, std::size_t length,
                      std::optional<std::int64_t> next, std::int64_t total, const Call& call,
                      const crypto::SecretBox& box, Instant now) {
  json::object frame;
  if (paging.checkpoint) {
    if (next) frame["next"] = tickets::seal_page_token(box, call.tenant, paging.filters, std::to_string(*next), now);
    return frame;
  }
  frame["start"] = paging.window.offset;
  frame["limit"] = paging.window.limit;
  if (rules.with_length) frame["length"] = length;
  frame["total"] = total;
  return frame;
}

}  // namespace

std::expected<Paging, Problem> read_paging(const Call& call, const PagingRules& rules, std::string_view resource,
                                           const crypto::SecretBox& box, Instant now) {
  Paging paging;
  paging.filters = canonical_filters(call, resource);
  paging.checkpoint = rules.checkpoint_only || call.query.has("take") || call.query.has("from");
  paging.wrapped = !paging.checkpoint && call.query.get("include_totals") == "true";
  paging.window.with_total = paging.wrapped;
  if (paging.checkpoint) {
    paging.window.limit = number(call.query, "take", rules.default_take);
    const std::string from = call.query.get("from");
    if (from.empty()) return paging;
    const auto position = tickets::open_page_token(box, call.tenant, paging.filters, from, now);
    if (!position)
      return std::unexpected(Problem{400, "invalid_paging",
                                     "The cursor in from is unknown, has expired or belongs to another query. Start "
                                     "again without it."});
    std::from_chars(position->data(), position->data() + position->size(), paging.window.after);
    return paging;
  }
  paging.window.limit = number(call.query, "per_page", rules.default_per_page);
  paging.window.offset = number(call.query, "page", 0) * paging.window.limit;
  if (rules.offset_cap > 0 && paging.window.offset >= rules.offset_cap)
    return std::unexpected(Problem{400, "invalid_paging",
                                   "You can only page through the first " + std::to_string(rules.offset_cap) +
                                       " records. Use take and from instead."});
  return paging;
}

json::value page_answer(const PagingRules& rules, const Paging& paging, json::array items,
                        std::optional<std::int64_t> next, std::int64_t total, const Call& call,
                        const crypto::SecretBox& box, Instant now) {
  if (!paging.checkpoint && !paging.wrapped) return items;
  json::object answer = frame_of(rules, paging, items.size(), next, total, call, box, now);
  answer[rules.plural] = std::move(items);
  return answer;
}

std::string page_text(const PagingRules& rules, const Paging& paging, const std::vector<std::string>& items,
                      std::optional<std::int64_t> next, std::int64_t total, const Call& call,
                      const crypto::SecretBox& box, Instant now) {
  const std::string list = "[" + join(items, ",") + "]";
  if (!paging.checkpoint && !paging.wrapped) return list;
  symbolon::json::ObjectText answer;
  for (const auto& [name, value] : frame_of(rules, paging, items.size(), next, total, call, box, now))
    answer.add_json(name, json::serialize(value));
  answer.add_json(rules.plural, list);
  return answer.take();
}

FieldFilter::FieldFilter(const Call& call, std::string id_member)
    : names_(split_words(call.query.get("fields"), ", ")),
      include_(call.query.get("include_fields") != "false"),
      id_member_(std::move(id_member)) {
  // `options.client_id` asks for options (F-2).
  for (std::string& name : names_) name = name.substr(0, name.find('.'));
}

bool FieldFilter::keeps(std::string_view member) const {
  return names_.empty() || member == id_member_ || contains(names_, member) == include_;
}

json::object FieldFilter::apply(json::object object) const {
  if (names_.empty()) return object;
  json::object kept;
  for (auto& [name, value] : object)
    if (keeps(name)) kept[name] = std::move(value);
  return kept;
}

}  // namespace symbolon::management
