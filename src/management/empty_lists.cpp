#include "management/empty_lists.h"

#include <array>

#include "management/paging.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

// What tools read of every tenant and this server has no use for: nothing there, nothing switched on.
struct FixedAnswer {
  std::string_view operation, body;
};
constexpr std::array kFixed = std::to_array<FixedAnswer>(
    {{"directory_provisionings_list", R"({"directory_provisionings":[]})"},
     {"user_attribute_profiles_list", R"({"user_attribute_profiles":[]})"},
     {"connection_profiles_list", R"({"connection_profiles":[]})"},
     {"rules_configs_list", "[]"},
     {"actions_list", R"({"actions":[]})"},
     {"action_triggers_list", R"({"triggers":[]})"},
     {"guardian_policies_list", "[]"},
     {"phone_providers_list", R"({"providers":[]})"},
     {"phone_templates_list", R"({"templates":[]})"},
     {"log_streams_list", "[]"},
     {"event_streams_list", R"({"eventStreams":[]})"},
     {"token_exchange_profiles_list", R"({"token_exchange_profiles":[]})"},
     {"breached_password_detection_get", R"({"enabled":false,"shields":[]})"},
     {"brute_force_protection_get", R"({"enabled":false,"shields":[],"allowlist":[]})"},
     {"suspicious_ip_throttling_get", R"({"enabled":false,"shields":[],"allowlist":[]})"},
     {"bot_detection_get", R"({"allowlist":[],"monitoring_mode_enabled":false})"},
     {"captcha_get", "{}"},
     {"supplemental_signals_get", R"({"akamai_enabled":false})"}});

struct PagedAnswer {
  std::string_view operation, plural;
};
constexpr std::array kPaged = std::to_array<PagedAnswer>({{"rules_list", "rules"},
                                                          {"forms_list", "forms"},
                                                          {"flows_list", "flows"},
                                                          {"flow_vault_connections_list", "connections"}});

Task<Answer> answer_fixed(std::string_view body) { co_return json_answer(200, json::parse(body)); }

Task<Answer> answer_empty_page(Call call, std::string_view plural, const Services& services) {
  const Instant now = services.clock.now();
  const PagingRules rules{.plural = std::string(plural)};
  const auto paging = read_paging(call, rules, plural, services.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  co_return json_answer(200, page_answer(rules, *paging, {}, std::nullopt, 0, call, services.box, now));
}

}  // namespace

void register_empty_lists(Api& api, const Services& services) {
  for (const FixedAnswer& fixed : kFixed)
    api.on(std::string(fixed.operation), [body = fixed.body](Call) { return answer_fixed(body); });
  for (const PagedAnswer& paged : kPaged)
    api.on(std::string(paged.operation), [&services, plural = paged.plural](Call call) {
      return answer_empty_page(std::move(call), plural, services);
    });
}

}  // namespace symbolon::management
