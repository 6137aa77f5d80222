#include "management/empty_lists.h"

#include <algorithm>
#include <array>

#include "management/paging.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

// What tools read of every tenant and this server has no use for: nothing there, nothing switched on. Some of it they
// write back.
struct FixedAnswer {
  std::string_view read, body;
  std::string_view write = {}, feature = {};
};
constexpr std::array kFixed = std::to_array<FixedAnswer>(
    {{"directory_provisionings_list", R"({"directory_provisionings":[]})"},
     {"user_attribute_profiles_list", R"({"user_attribute_profiles":[]})"},
     {"connection_profiles_list", R"({"connection_profiles":[]})"},
     {"rules_configs_list", "[]"},
     {"actions_list", R"({"actions":[]})"},
     {"action_triggers_list", R"({"triggers":[]})"},
     {"guardian_policies_list", "[]", "guardian_policies_set", "A second factor"},
     {"phone_providers_list", R"({"providers":[]})"},
     {"phone_templates_list", R"({"templates":[]})"},
     {"log_streams_list", "[]"},
     {"event_streams_list", R"({"eventStreams":[]})"},
     {"token_exchange_profiles_list", R"({"token_exchange_profiles":[]})"},
     {"breached_password_detection_get", R"({"enabled":false,"shields":[]})", "breached_password_detection_update",
      "Breached password detection"},
     {"brute_force_protection_get", R"({"enabled":false,"shields":[],"allowlist":[]})",
      "brute_force_protection_update", "Brute force protection"},
     {"suspicious_ip_throttling_get", R"({"enabled":false,"shields":[],"allowlist":[]})",
      "suspicious_ip_throttling_update", "Suspicious IP throttling"},
     {"bot_detection_get", R"({"allowlist":[],"monitoring_mode_enabled":false})", "bot_detection_update",
      "Bot detection"},
     {"captcha_get", "{}", "captcha_update", "Captcha"},
     {"supplemental_signals_get", R"({"akamai_enabled":false})", "supplemental_signals_update",
      "Supplemental signals"},
     {"risk_assessment_settings_get", R"({"enabled":false})", "risk_assessment_settings_update", "Risk assessment"},
     {"risk_assessment_new_device_get", R"({"remember_for":0})", "risk_assessment_new_device_update",
      "Remembering devices"}});

struct PagedAnswer {
  std::string_view operation, plural;
};
constexpr std::array kPaged = std::to_array<PagedAnswer>({{"rules_list", "rules"},
                                                          {"forms_list", "forms"},
                                                          {"flows_list", "flows"},
                                                          {"flow_vault_connections_list", "connections"}});

Task<Answer> answer_fixed(std::string_view body) { co_return json_answer(200, json::parse(body)); }

bool says_the_same(const json::value& sent, const json::value& fixed) {
  if (!sent.is_object()) return sent == fixed;
  return std::ranges::all_of(sent.get_object(), [&](const json::key_value_pair& member) {
    const json::value* own = fixed.get_object().if_contains(member.key());
    return own != nullptr && *own == member.value();
  });
}

// Taken as it is, or refused: nobody may believe in a protection that does not act.
Task<Answer> confirm_fixed(Call call, FixedAnswer fixed) {
  if (!says_the_same(call.body, json::parse(fixed.body)))
    co_return std::unexpected(Problem{400, "operation_not_supported",
                                      std::string(fixed.feature) + " is not supported by this server; it can only be " +
                                          "written as it is read: " + std::string(fixed.body)});
  co_return co_await answer_fixed(fixed.body);
}

Task<Answer> answer_empty_page(Call call, std::string_view plural, const Services& services) {
  const Instant now = services.clock.now();
  const PagingRules rules{.plural = std::string(plural)};
  const auto paging = read_paging(call, rules, plural, services.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  co_return json_answer(200, page_answer(rules, *paging, {}, std::nullopt, 0, call, services.box, now));
}

}  // namespace

void register_empty_lists(Api& api, const Services& services) {
  for (const FixedAnswer& fixed : kFixed) {
    api.on(std::string(fixed.read), [body = fixed.body](Call) { return answer_fixed(body); });
    if (!fixed.write.empty())
      api.on(std::string(fixed.write), [fixed](Call call) { return confirm_fixed(std::move(call), fixed); });
  }
  for (const PagedAnswer& paged : kPaged)
    api.on(std::string(paged.operation), [&services, plural = paged.plural](Call call) {
      return answer_empty_page(std::move(call), plural, services);
    });
}

}  // namespace symbolon::management
