#include "upstream/upstream_parameters.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::UpstreamParameter;

constexpr std::size_t kMaxParameters = 100;
constexpr std::size_t kMaxValue = 1024;
constexpr std::size_t kMaxAuthParams = 30;
constexpr std::size_t kMaxMappedParams = 21;

constexpr auto kAliases =
    std::to_array<std::string_view>({"acr_values", "audience", "client_id", "display", "id_token_hint", "login_hint",
                                     "max_age", "prompt", "resource", "response_mode", "response_type", "ui_locales"});
// Setting one of these from outside would undo a check that the login rests on.
constexpr auto kReserved =
    std::to_array<std::string_view>({"client_id", "redirect_uri", "response_type", "state", "nonce", "code_challenge",
                                     "code_challenge_method", "request", "request_uri", "client_secret", "scope"});

bool is_reserved(std::string_view name) { return std::ranges::find(kReserved, name) != kReserved.end(); }

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 &&
         std::ranges::all_of(name, [](char letter) { return letter > 0x20 && letter < 0x7f; });
}

bool is_safe_response_mode(const UpstreamParameter& parameter, model::Channel channel) {
  if (parameter.name != "response_mode") return true;
  if (channel != model::Channel::back_channel) return false;
  return !parameter.value || *parameter.value == "query" || *parameter.value == "form_post";
}

// Exactly one of value and alias.
UpstreamParameter read_rule(OptionReader& params, const std::string& name, const js::value& rule) {
  UpstreamParameter parameter{.name = name, .value = {}, .alias = {}};
  if (rule.is_null()) {
    parameter.suppress = true;
    return parameter;
  }
  const js::object* object = rule.if_object();
  const js::value* value = object ? object->if_contains("value") : nullptr;
  const js::value* alias = object ? object->if_contains("alias") : nullptr;
  if ((value == nullptr) == (alias == nullptr)) {
    params.refuse(name, "must have exactly one of value and alias, or be null");
  } else if (value != nullptr) {
    if (!value->is_string() || value->get_string().size() > kMaxValue)
      params.refuse(name + ".value", "must be a string");
    else
      parameter.value = std::string(value->get_string());
  } else if (!alias->is_string() || !is_alias(alias->get_string())) {
    params.refuse(name + ".alias", "is no parameter that can be passed on");
  } else {
    parameter.alias = std::string(alias->get_string());
  }
  return parameter;
}

}  // namespace

bool is_alias(std::string_view name) { return std::ranges::find(kAliases, name) != kAliases.end(); }

std::vector<UpstreamParameter> read_upstream_params(OptionReader& options, model::Channel channel) {
  std::vector<UpstreamParameter> parameters;
  const js::object* section = options.section("upstream_params");
  if (section == nullptr) return parameters;
  OptionReader reader(*section, options.path_of("upstream_params"));
  if (section->size() > kMaxParameters) options.refuse("upstream_params", "has more than 100 members");
  for (const auto& member : *section) {
    const std::string name(member.key());
    if (!is_name(name) || is_reserved(name)) reader.refuse(name, "cannot be set");
    UpstreamParameter parameter = read_rule(reader, name, member.value());
    if (!is_safe_response_mode(parameter, channel))
      reader.refuse(name, "can only be query or form_post, and only in the back channel");
    parameters.push_back(std::move(parameter));
  }
  options.adopt(reader);
  return parameters;
}

std::vector<UpstreamParameter> read_auth_params(OptionReader& options) {
  std::vector<UpstreamParameter> parameters;
  for (auto& [name, value] : options.table("authParams", kMaxAuthParams, kMaxValue)) {
    if (!is_name(name) || is_reserved(name)) options.refuse("authParams." + name, "cannot be set");
    parameters.push_back({.name = std::move(name), .value = std::move(value), .alias = {}});
  }
  for (auto& [downstream, name] : options.table("authParamsMap", kMaxMappedParams, kMaxValue)) {
    if (!is_name(name) || is_reserved(name)) options.refuse("authParamsMap." + downstream, "cannot set " + name);
    if (is_alias(downstream)) parameters.push_back({.name = name, .value = {}, .alias = std::move(downstream)});
  }
  for (const UpstreamParameter& parameter : parameters)
    if (!is_safe_response_mode(parameter, model::Channel::back_channel))
      options.refuse("authParams.response_mode", "can only be query or form_post");
  return parameters;
}

}  // namespace symbolon::upstream
