#include "upstream/wire_options.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.h"
#include "json/read.h"
#include "upstream/option_reader.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::Strategy;

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kSpacesAndCommas = " ,\t\r\n";
constexpr std::size_t kMaxScopes = 100;
constexpr std::size_t kMaxScopeText = 4096;

// scope-token of RFC 6749 §3.3
bool is_scope(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return letter > 0x20 && letter < 0x7f && letter != '"' && letter != '\\';
  });
}

bool is_given(const js::object& options, std::string_view name) {
  const js::value* value = options.if_contains(name);
  if (value == nullptr || value->is_null()) return false;
  return !value->is_string() || !trim(value->get_string()).empty();
}

std::vector<std::string> split_all(const std::vector<std::string>& texts, std::string_view separators) {
  std::vector<std::string> words;
  for (const std::string& text : texts)
    for (std::string& word : split_words(text, separators))
      if (!contains(words, word)) words.push_back(std::move(word));
  return words;
}

}  // namespace

std::string discovery_source(Strategy strategy, const js::object& options) {
  const auto text = [&](std::string_view name) {
    return std::string(trim(json::find_text(options, name).value_or(std::string_view())));
  };
  if (strategy == Strategy::okta) {
    if (const std::string domain = text("domain"); !domain.empty()) return "https://" + domain;
  }
  const std::string url = text("discovery_url");
  return url.empty() ? text("issuer") : url;
}

void fill_from_metadata(js::object& options, const js::object& metadata) {
  for (const std::string_view name :
       {"issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}) {
    const auto known = json::find_string(metadata, name);
    if (known && !known->empty() && !is_given(options, name)) options[name] = *known;
  }
}

void add_metadata_defaults(js::object& metadata) {
  for (const std::string_view name : {"claims_parameter_supported", "request_parameter_supported",
                                      "request_uri_parameter_supported", "require_request_uri_registration"})
    if (!metadata.contains(name)) metadata[name] = false;
}

std::expected<std::vector<std::string>, SettingsError> read_scopes(Strategy strategy, const js::object& options) {
  OptionReader reader(options, "options");
  const std::string_view name = is_given(options, "scope") ? "scope" : "scopes";
  const bool keep_commas = strategy == Strategy::oauth2 && name == "scope";
  auto scopes = split_all(reader.list(name, kMaxScopes, kMaxScopeText), keep_commas ? kSpaces : kSpacesAndCommas);
  if (!std::ranges::all_of(scopes, is_scope)) reader.refuse(name, "has characters that no scope may have");
  if (!scopes.empty() && strategy != Strategy::oauth2 && !contains(scopes, "openid"))
    reader.refuse("scope", "must include openid");
  if (reader.error()) return std::unexpected(*reader.error());
  return scopes;
}

std::expected<void, SettingsError> normalise_scopes(Strategy strategy, js::object& options) {
  const auto scopes = read_scopes(strategy, options);
  if (!scopes) return std::unexpected(scopes.error());
  if (scopes->empty()) return {};
  const std::string text = join(*scopes, " ");
  if (strategy != Strategy::oauth2 || !is_given(options, "scope")) options["scope"] = text;
  if (options.contains("scopes")) options["scopes"] = text;
  return {};
}

std::vector<std::string> split_requested_scopes(std::string_view text) {
  auto scopes = split_words(text, kSpacesAndCommas);
  std::erase_if(scopes, [](const std::string& scope) { return !is_scope(scope); });
  return scopes;
}

}  // namespace symbolon::upstream
