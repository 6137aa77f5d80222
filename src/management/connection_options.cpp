#include "management/connection_options.h"

#include <array>

#include "base/text.h"
#include "http/domain_name.h"
#include "http/url.h"
#include "upstream/claims_mapping.h"
#include "upstream/effective_settings.h"
#include "upstream/relying_party.h"
#include "upstream/settings_warnings.h"
#include "upstream/wire_options.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 12> kUrls{
    "discovery_url",  "issuer",           "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri",
    "end_session_endpoint", "authorizationURL", "tokenURL",               "userinfo_url",   "logoutUrl",         "icon_url"};

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Problem on_member(std::string_view reason, std::string_view member) {
  return invalid_body("Payload validation error: '" + std::string(reason) + "' on property options." +
                      std::string(member) + ".");
}

// Plain http is for loopback tests and --dev: a token or secret sent in clear is lost.
std::optional<Problem> check_urls(json::object& options, bool http_allowed) {
  for (const std::string_view name : kUrls) {
    auto* value = options.if_contains(name);
    if (!value || !value->is_string()) continue;
    const std::string trimmed(trim(std::string_view(value->get_string())));
    *value = trimmed;
    if (trimmed.empty() || name == "discovery_url") continue;
    const auto url = http::parse_url(trimmed);
    const bool allowed = url && (url->is_https() || (url->is_http() && http_allowed && name != "icon_url"));
    if (!allowed) return on_member("Object didn't pass validation for format https-url: " + trimmed, name);
  }
  const std::string discovery_url = text(options, "discovery_url");
  if (discovery_url.empty()) return std::nullopt;
  const auto candidate = upstream::discovery_candidate(discovery_url);
  if (!candidate || (candidate->starts_with("http://") && !http_allowed))
    return on_member("Object didn't pass validation for format https-url: " + discovery_url, "discovery_url");
  return std::nullopt;
}

// Kept as home realm discovery compares them (HR-1). The contract has judged names in ASCII, where it takes underscores too.
std::optional<Problem> make_domains_canonical(json::object& options) {
  auto* domains = options.if_contains("domain_aliases");
  if (!domains || !domains->is_array()) return std::nullopt;
  for (json::value& domain : domains->get_array()) {
    if (!domain.is_string()) continue;
    const std::string given(domain.get_string());
    const auto name = http::to_a_labels(given);
    const bool ascii = count_code_points(given) == given.size();
    if (!name && !ascii)
      return on_member("Object didn't pass validation for format email-domain: " + given, "domain_aliases");
    domain = name ? *name : to_lower_ascii(given);
  }
  return std::nullopt;
}

// The canonical spelling of PKCE, and the defaults that a stored connection always shows (N-8, N-9).
void set_defaults(json::object& options, model::Strategy strategy) {
  if (strategy == model::Strategy::oauth2) return;
  auto& settings = options["connection_settings"];
  if (!settings.is_object()) settings = json::object{{"pkce", "auto"}};
  model::PkceMode mode = model::PkceMode::automatic;
  if (from_text(text(settings.get_object(), "pkce"), mode)) settings.get_object()["pkce"] = to_string(mode);
  auto& map = options["attribute_map"];
  if (!map.is_object())
    map = json::object{{"mapping_mode", strategy == model::Strategy::okta ? "basic_profile" : "bind_all"}};
  options["schema_version"] = "oidc-V4";
}

// What the contract, which knows no strategies, leaves open (management-api §2.5, §2.8).
std::optional<Problem> check_credentials(const json::object& options, const std::optional<std::string>& secret,
                                         model::Strategy strategy) {
  const bool oauth2 = strategy == model::Strategy::oauth2;
  const std::size_t longest_id = oauth2 ? 128 : 255, longest_secret = oauth2 ? 1024 : 700;
  const auto too_long = [](std::string_view value, std::size_t longest, std::string_view member) {
    const auto length = count_code_points(value);
    if (length && *length <= longest) return std::optional<Problem>();
    return std::optional(on_member("String is too long (" + std::to_string(length.value_or(value.size())) +
                                       " chars), maximum " + std::to_string(longest),
                                   member));
  };
  if (auto problem = too_long(text(options, "client_id"), longest_id, "client_id")) return problem;
  return too_long(secret.value_or(""), longest_secret, "client_secret");
}

// Asked of what was sent and again of the channel that was found for it.
std::optional<Problem> check_binding(const json::object& options) {
  if (text(options, "dpop_signing_alg").empty() || text(options, "type") != "front_channel") return std::nullopt;
  return on_member("dpop_signing_alg needs the back channel", "dpop_signing_alg");
}

std::optional<Problem> check_combinations(const json::object& options, model::Strategy strategy) {
  if (text(options, "client_id").empty()) return Problem{400, {}, "options.client_id is required"};
  if (const auto* map = options.if_contains("attribute_map"); map && map->is_object())
    if (const auto* attributes = map->get_object().if_contains("attributes"); attributes && !attributes->is_null())
      if (auto error = upstream::find_mapping_error(json::serialize(*attributes)))
        return on_member(*error, "attribute_map.attributes");
  if (auto problem = check_binding(options)) return problem;
  if (strategy != model::Strategy::okta) return std::nullopt;
  const std::string domain = text(options, "domain");
  if (domain.empty() && text(options, "issuer").empty()) return Problem{400, {}, "options.domain is required"};
  // A bare host: anything else would make another URL than the one that is shown.
  const auto url = http::parse_url("https://" + domain);
  if (!domain.empty() && (!url || url->authority() != to_lower_ascii(domain)))
    return on_member("Object didn't pass validation for format dns-name: " + domain, "domain");
  return std::nullopt;
}

// Where the caller wants the configuration to be looked up; empty when nothing is asked for.
bool asks_for_discovery(const json::object& options, model::Strategy strategy) {
  return !text(options, strategy == model::Strategy::okta ? "domain" : "discovery_url").empty();
}

std::optional<std::string> take_secret(json::object& options) {
  const auto* value = options.if_contains("client_secret");
  if (!value) return std::nullopt;
  std::string secret = value->is_string() ? std::string(value->get_string()) : std::string();
  options.erase("client_secret");
  return secret;
}

std::optional<json::object> take_headers(json::object& options) {
  auto* value = options.if_contains("customHeaders");
  if (!value) return std::nullopt;
  json::object headers = value->is_object() ? std::move(value->get_object()) : json::object();
  options.erase("customHeaders");
  return headers;
}

constexpr std::size_t kMaxMetadataBytes = 256 * 1024;

// A document that was sent stands in for the provider's own, so it must hold what that would (management-api §2.5).
std::optional<Problem> check_metadata(const json::object& metadata) {
  for (const std::string_view member : {"issuer", "authorization_endpoint", "jwks_uri"})
    if (text(metadata, member).empty())
      return on_member("Missing required property: " + std::string(member), "oidc_metadata");
  const auto* algorithms = metadata.if_contains("id_token_signing_alg_values_supported");
  if (!algorithms || !algorithms->is_array() || algorithms->get_array().empty())
    return on_member("Missing required property: id_token_signing_alg_values_supported", "oidc_metadata");
  if (json::serialize(metadata).size() > kMaxMetadataBytes)
    return on_member("The document is longer than 256 KiB", "oidc_metadata");
  return std::nullopt;
}

Problem refused(const upstream::SettingsError& error) { return invalid_body(error.member + " " + error.message); }

// What the caller sent, checked and in canonical spelling; nothing is looked up yet.
std::expected<PreparedOptions, Problem> normalise(const Services& services, model::Strategy strategy,
                                                  json::object sent) {
  PreparedOptions prepared;
  prepared.client_secret = take_secret(sent);
  prepared.custom_headers = take_headers(sent);
  if (auto* metadata = sent.if_contains("oidc_metadata"); metadata && metadata->is_object()) {
    prepared.oidc_metadata = std::move(metadata->get_object());
    prepared.metadata_pinned = !prepared.oidc_metadata.empty();
  }
  sent.erase("oidc_metadata");
  prepared.options = std::move(sent);
  if (auto problem = check_urls(prepared.options, services.insecure_upstreams_allowed))
    return std::unexpected(*problem);
  if (auto problem = check_combinations(prepared.options, strategy)) return std::unexpected(*problem);
  if (auto problem = check_credentials(prepared.options, prepared.client_secret, strategy))
    return std::unexpected(*problem);
  if (prepared.metadata_pinned)
    if (auto problem = check_metadata(prepared.oidc_metadata)) return std::unexpected(*problem);
  if (auto scopes = upstream::normalise_scopes(strategy, prepared.options); !scopes)
    return std::unexpected(refused(scopes.error()));
  if (auto problem = make_domains_canonical(prepared.options)) return std::unexpected(*problem);
  set_defaults(prepared.options, strategy);
  return prepared;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kReasons{{
    {"dns", "the host name cannot be found"},
    {"connect", "nothing answers at that address"},
    {"tls", "TLS failed; a certificate of a private authority is trusted once options.egress.ca_pem names it"},
    {"timeout", "the answer took too long"},
    {"too_large", "the answer is too long"},
    {"redirect_refused", "it redirects to a place that is not followed"},
    {"address not allowed", "the address is in a private network; options.egress.allowed_networks can open that"},
    {"not_json", "the answer is not JSON"},
    {"not_object", "the answer is not a JSON object"},
}};

// The code of the probe, and what it means for somebody who has not read about it.
std::string in_words(const std::string& reason) {
  const auto known = std::ranges::find(kReasons, std::string_view(reason), [](const auto& row) { return row.first; });
  return known == kReasons.end() ? reason : reason + ": " + std::string(known->second);
}

// N-2, N-4, N-7: one lookup at most. Fails only when it was asked for and what was sent is not enough without it.
Task<std::optional<Problem>> complete(const Services& services, model::Strategy strategy,
                                      PreparedOptions& prepared, model::UpstreamSettings settings) {
  if (!prepared.oidc_metadata.empty()) co_return std::nullopt;
  const bool asked = asks_for_discovery(prepared.options, strategy);
  const std::string source = upstream::discovery_source(strategy, prepared.options);
  if (source.empty() || (!asked && settings.missing.empty())) co_return std::nullopt;
  const upstream::Discovery found = co_await look_up_configuration(services, source, settings);
  prepared.metadata_fetched_at = services.clock.now();
  if (found.status == upstream::Discovery::Status::ok) {
    prepared.oidc_metadata = read_found_document(found);
  } else if (asked && !settings.missing.empty()) {
    const std::string_view member = strategy == model::Strategy::okta ? "domain" : "discovery_url";
    co_return invalid_body("The configuration at " + found.requested_url + " could not be used (" +
                           why_unusable(found) + "). Correct options." + std::string(member) + ", or give " +
                           join(settings.missing, ", ") + " explicitly.");
  }
  co_return std::nullopt;
}

}  // namespace

std::expected<json::object, Problem> canonical_options(const Services& services, model::Strategy strategy,
                                                       json::object sent) {
  auto normalised = normalise(services, strategy, std::move(sent));
  if (!normalised) return std::unexpected(normalised.error());
  return std::move(normalised->options);
}

Task<upstream::Discovery> look_up_configuration(const Services& services, std::string source,
                                                model::UpstreamSettings settings) {
  http::EgressPolicy egress = upstream::egress_for(services.egress, settings);
  const bool oauth2 = settings.strategy == model::Strategy::oauth2;
  co_return co_await services.discoverer.discover(
      std::move(source), oauth2 ? std::nullopt : std::optional(settings.channel), std::move(egress));
}

json::object read_found_document(const upstream::Discovery& found) {
  json::object document = std::move(json::parse(found.document).as_object());
  upstream::add_metadata_defaults(document);
  return document;
}

std::string why_unusable(const upstream::Discovery& found) {
  if (found.status == upstream::Discovery::Status::not_found) return in_words(found.reason);
  std::vector<std::string> members;
  for (const auto& problem : found.problems) members.push_back(problem.member);
  return "the document lacks or contradicts: " + join(members, ", ");
}

Health judge_health(const model::UpstreamSettings& settings, const json::object& oidc_metadata) {
  if (!settings.missing.empty())
    return {model::ConnectionStatus::incomplete, "missing: " + join(settings.missing, ", ")};
  return {model::ConnectionStatus::ok, join(upstream::find_settings_warnings(settings, oidc_metadata), " ")};
}

Task<std::expected<PreparedOptions, Problem>> prepare_options(const Services& services, model::Strategy strategy,
                                                              json::object sent, bool has_stored_secret) {
  auto normalised = normalise(services, strategy, std::move(sent));
  if (!normalised) co_return std::unexpected(normalised.error());
  PreparedOptions& prepared = *normalised;
  json::object& options = prepared.options;
  const bool has_secret = prepared.client_secret ? !prepared.client_secret->empty() : has_stored_secret;
  json::object with_headers = options;
  if (prepared.custom_headers) with_headers["customHeaders"] = *prepared.custom_headers;
  auto settings = upstream::resolve_settings(strategy, with_headers, prepared.oidc_metadata, has_secret);
  if (!settings) co_return std::unexpected(refused(settings.error()));
  if (auto problem = co_await complete(services, strategy, prepared, *settings)) co_return std::unexpected(*problem);

  // Explicit settings without a discovery_url keep only what was sent; metadata completes them at run time (N-7).
  if (prepared.metadata_pinned || asks_for_discovery(options, strategy))
    upstream::fill_from_metadata(options, prepared.oidc_metadata);
  settings = upstream::resolve_settings(strategy, options, prepared.oidc_metadata, has_secret);
  if (!settings) co_return std::unexpected(refused(settings.error()));
  prepared.settings = std::move(*settings);
  if (strategy != model::Strategy::oauth2) options["type"] = to_string(prepared.settings.channel);
  if (auto problem = check_binding(options)) co_return std::unexpected(*problem);
  prepared.health = judge_health(prepared.settings, prepared.oidc_metadata);
  co_return std::move(*normalised);
}

void apply_options(model::Connection& connection, PreparedOptions prepared) {
  connection.icon_url = text(prepared.options, "icon_url");
  connection.domain_aliases.clear();
  if (const auto* domains = prepared.options.if_contains("domain_aliases"); domains && domains->is_array())
    for (const json::value& domain : domains->get_array())
      if (domain.is_string()) connection.domain_aliases.emplace_back(domain.get_string());
  connection.options = json::serialize(prepared.options);
  connection.oidc_metadata = prepared.oidc_metadata.empty() ? "" : json::serialize(prepared.oidc_metadata);
  connection.metadata_pinned = prepared.metadata_pinned;
  connection.metadata_fetched_at = prepared.metadata_fetched_at;
  connection.upstream = std::move(prepared.settings);
  connection.status = prepared.health.status;
  connection.status_detail = std::move(prepared.health.detail);
}

bool secret_stays_valid(const model::UpstreamSettings& before, const std::string& discovery_source_before,
                        const model::UpstreamSettings& after, const std::string& discovery_source_after) {
  return before.issuer == after.issuer && before.client_id == after.client_id &&
         before.authorization_endpoint == after.authorization_endpoint &&
         before.token_endpoint == after.token_endpoint && before.userinfo_endpoint == after.userinfo_endpoint &&
         before.jwks_uri == after.jwks_uri && before.end_session_endpoint == after.end_session_endpoint &&
         before.proxy == after.proxy && before.ca_pem == after.ca_pem &&
         upstream::discovery_candidate(discovery_source_before) == upstream::discovery_candidate(discovery_source_after);
}

}  // namespace symbolon::management
