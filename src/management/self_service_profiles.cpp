#include "management/self_service_profiles.h"

#include "management/audit.h"
#include "management/etag.h"
#include "management/paging.h"
#include "management/tenant_document.h"
#include "store/custom_text_store.h"
#include "store/self_service_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using store::TextKind;

constexpr std::int64_t kMaxProfiles = 20;
const PagingRules kRules{.plural = "self_service_profiles", .default_per_page = 50, .default_take = 50};

Problem no_such_profile(const std::string& id) { return not_found({}, "Profile with ID: " + id + " not found"); }

json::object show(const store::SelfServiceProfile& profile) {
  json::object shown{{"id", profile.id}};
  merge_members(shown, json::parse(profile.doc).as_object());
  shown["created_at"] = to_iso8601(profile.created_at);
  shown["updated_at"] = to_iso8601(profile.updated_at);
  return shown;
}

http::Response answer(int status, const Call& call, const store::SelfServiceProfile& profile) {
  http::Response response = json_answer(status, FieldFilter(call, "id").apply(show(profile)));
  set_etag(response, profile.version);
  return response;
}

bool has_items(const json::object& document, std::string_view name) {
  const auto* list = document.if_contains(name);
  return list && list->is_array() && !list->get_array().empty();
}

std::optional<Problem> check_whole(const json::object& document) {
  if (has_items(document, "user_attributes") && document.contains("user_attribute_profile_id"))
    return invalid_body("Payload validation error: 'user_attributes and user_attribute_profile_id exclude each other' "
                        "on property user_attribute_profile_id.");
  return std::nullopt;
}

std::string page_of(const Call& call) { return call.path("id") + "/" + call.path("page"); }

}  // namespace

void SelfServiceProfiles::register_on(Api& api) {
  api.on("self_service_profiles_list", [this](Call call) { return list(std::move(call)); });
  api.on("self_service_profiles_get", [this](Call call) { return get(std::move(call)); });
  api.on("self_service_profiles_create", [this](Call call) { return create(std::move(call)); });
  api.on("self_service_profiles_update", [this](Call call) { return update(std::move(call)); });
  api.on("self_service_profiles_delete", [this](Call call) { return remove(std::move(call)); });
  api.on("self_service_texts_get", [this](Call call) { return get_text(std::move(call)); });
  api.on("self_service_texts_put", [this](Call call) { return put_text(std::move(call)); });
}

Task<Answer> SelfServiceProfiles::list(Call call) {
  const Instant now = services_.clock.now();
  const auto paging = read_paging(call, kRules, "self_service_profiles", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  const auto page = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::SelfServiceStore(tx, call.tenant).list(paging->window); });
  json::array items;
  for (const auto& profile : page.items) items.push_back(show(profile));
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), page.next, page.total, call,
                                         services_.box, now));
}

Task<Answer> SelfServiceProfiles::get(Call call) {
  const auto profile = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::SelfServiceStore(tx, call.tenant).find(call.path("id")); });
  if (!profile) co_return std::unexpected(no_such_profile(call.path("id")));
  co_return answer(200, call, *profile);
}

Task<Answer> SelfServiceProfiles::create(Call call) {
  const Instant now = services_.clock.now();
  json::object document;
  merge_members(document, call.object());
  if (auto problem = check_whole(document)) co_return std::unexpected(*problem);
  const store::SelfServiceProfile profile{.id = "ssp_" + random_alphanumeric(services_.random, 22),
                                          .doc = json::serialize(document),
                                          .version = 1,
                                          .created_at = now,
                                          .updated_at = now};
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::SelfServiceStore profiles(tx, call.tenant);
    if (profiles.list({.after = 0, .offset = 0, .limit = 1}).total >= kMaxProfiles)
      return std::unexpected(
          conflict("self_service_profile_conflict", "No more profiles can be created for this tenant."));
    profiles.insert(profile);
    log_write(tx, call, "Create a self-service profile", member_names(call.object()), now);
    return answer(201, call, profile);
  });
}

Task<Answer> SelfServiceProfiles::update(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::SelfServiceStore profiles(tx, call.tenant);
    auto profile = profiles.find(call.path("id"));
    if (!profile) return std::unexpected(no_such_profile(call.path("id")));
    if (auto matches = check_if_match(call, profile->version); !matches) return std::unexpected(matches.error());
    json::object document = json::parse(profile->doc).as_object();
    merge_members(document, call.object());
    if (auto problem = check_whole(document)) return std::unexpected(*problem);
    profile->doc = json::serialize(document);
    const std::int64_t based_on = profile->version++;
    profile->updated_at = now;
    if (profiles.update(*profile, based_on) != store::Update::done) return std::unexpected(changed_meanwhile());
    log_write(tx, call, "Update a self-service profile", member_names(call.object()), now);
    return answer(200, call, *profile);
  });
}

Task<Answer> SelfServiceProfiles::remove(Call call) {
  const Instant now = services_.clock.now();
  const std::string id = call.path("id");
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    store::SelfServiceStore profiles(tx, call.tenant);
    const auto profile = profiles.find(id);
    if (!profile) return std::nullopt;
    if (auto matches = check_if_match(call, profile->version); !matches) return matches.error();
    profiles.remove(id);
    store::CustomTextStore(tx, call.tenant).remove(TextKind::self_service_page, id + "/get-started");
    log_write(tx, call, "Delete a self-service profile", {id}, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

Task<Answer> SelfServiceProfiles::get_text(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    if (!store::SelfServiceStore(tx, call.tenant).find(call.path("id")))
      return std::unexpected(no_such_profile(call.path("id")));
    const auto doc =
        store::CustomTextStore(tx, call.tenant).find(TextKind::self_service_page, page_of(call), call.path("language"));
    return json_answer(200, doc ? json::parse(*doc) : json::object());
  });
}

Task<Answer> SelfServiceProfiles::put_text(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    if (!store::SelfServiceStore(tx, call.tenant).find(call.path("id")))
      return std::unexpected(no_such_profile(call.path("id")));
    store::CustomTextStore(tx, call.tenant)
        .put(TextKind::self_service_page, page_of(call), call.path("language"), json::serialize(call.body), now);
    log_write(tx, call, "Set the texts of a self-service profile", member_names(call.object()), now);
    return json_answer(200, call.body);
  });
}

}  // namespace symbolon::management
