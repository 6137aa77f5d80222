#include "upstream/discovery.h"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "http/url.h"
#include "jose/algorithm_set.h"
#include "json/parse.h"
#include "json/read.h"
#include "upstream/issuer.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::Channel;

constexpr std::string_view kWellKnown = "/.well-known/";
constexpr std::string_view kSuffix = "/.well-known/openid-configuration";

using List = std::optional<std::vector<std::string>>;

class Judge {
 public:
  Judge(const js::object& document, std::string_view requested_url, Discovery& out)
      : document_(document), requested_url_(requested_url), out_(out) {}

  void run(std::optional<Channel> channel) {
    response_types_ = list("response_types_supported");
    response_modes_ = list("response_modes_supported");
    suggest();
    const bool front = channel ? *channel == Channel::front_channel : out_.suggestions.type == "front_channel";
    judge_issuer();
    judge_endpoint("authorization_endpoint", true);
    judge_endpoint("jwks_uri", true);
    judge_endpoint("token_endpoint", !front);
    judge_endpoint("userinfo_endpoint", false);
    judge_algorithms();
    front ? judge_front_channel() : judge_back_channel();
    out_.status = out_.problems.empty() ? Discovery::Status::ok : Discovery::Status::invalid;
  }

 private:
  void problem(std::string_view member, std::string_view code) {
    out_.problems.push_back({std::string(member), std::string(code)});
  }
  void warn(std::string_view code, std::string detail) {
    out_.warnings.push_back({std::string(code), std::move(detail)});
  }

  // A list that a check depends on.
  List list(std::string_view member) {
    const js::value* value = document_.if_contains(member);
    if (value == nullptr || value->is_null()) return std::nullopt;
    auto found = json::find_strings(document_, member);
    if (!found) problem(member, "wrong_type");
    return found;
  }

  std::string text(std::string_view member, bool required) {
    const js::value* value = document_.if_contains(member);
    const bool empty = value == nullptr || value->is_null() || (value->is_string() && value->get_string().empty());
    if (empty && required) problem(member, "missing");
    if (empty) return {};
    if (!value->is_string()) return problem(member, "wrong_type"), std::string();
    return std::string(value->get_string());
  }

  void judge_endpoint(std::string_view member, bool required) {
    const std::string given = text(member, required);
    if (given.empty()) return;
    const auto url = http::parse_url(given);
    // A document that came over plain http could only be fetched where that is allowed.
    const bool http_allowed = requested_url_.starts_with("http://");
    if (!url) return problem(member, "not_a_url");
    if (!url->is_https() && !(http_allowed && url->is_http())) return problem(member, "not_https");
    if (url->fragment) problem(member, "fragment");
  }

  void judge_issuer() {
    out_.issuer = text("issuer", true);
    if (out_.issuer.empty()) return;
    if (!is_issuer(out_.issuer))
      return problem("issuer", out_.issuer.find_first_of("{}") == std::string::npos ? "not_a_url" : "unknown_template");
    if (fits_requested_url()) return;
    warn("issuer_mismatch", "the document's issuer is " + out_.issuer + ", but it was found at " + requested_url_);
  }

  // RP-6: equal to where the document was found, apart from one slash at the end; a template fits what it stands for.
  bool fits_requested_url() const {
    const auto at = requested_url_.find(kWellKnown);
    std::string base = requested_url_.substr(0, at);
    std::string issuer = out_.issuer;
    if (issuer.ends_with('/')) issuer.pop_back();
    if (base == issuer) return true;
    // RFC 8414 §3.1 puts the issuer's path behind the well-known part.
    if (at != std::string::npos) {
      const auto path = requested_url_.find('/', at + kWellKnown.size());
      if (path != std::string::npos && base + requested_url_.substr(path) == issuer) return true;
    }
    if (!is_issuer_template(issuer)) return false;
    const auto open = issuer.find('{'), close = issuer.find('}');
    const std::string before = issuer.substr(0, open), after = issuer.substr(close + 1);
    return base.size() > before.size() + after.size() && base.starts_with(before) && base.ends_with(after) &&
           !base.substr(before.size(), base.size() - before.size() - after.size()).contains('/');
  }

  void judge_algorithms() {
    const List offered = list("id_token_signing_alg_values_supported");
    if (!offered) return;
    const auto both = jose::AlgorithmSet::from_names(*offered).intersection(jose::kDefaultUpstreamAlgorithms);
    if (both.empty()) problem("id_token_signing_alg_values_supported", "no_common_algorithm");
  }

  void judge_front_channel() {
    if (response_types_ && !contains(*response_types_, "id_token"))
      warn("front_channel_not_advertised", "response_types_supported lacks id_token");
    if (response_modes_ && !contains(*response_modes_, "form_post"))
      warn("form_post_not_advertised", "response_modes_supported lacks form_post");
  }

  void judge_back_channel() {
    if (response_types_ && !contains(*response_types_, "code"))
      problem("response_types_supported", "code_not_supported");
    if (out_.suggestions.pkce == "auto")
      warn("pkce_not_advertised", "set PKCE to S256 if the provider supports it; Entra ID does without saying so");
  }

  // DB-14 and RP-61.
  void suggest() {
    auto& suggestions = out_.suggestions;
    const bool front = response_types_ && contains(*response_types_, "id_token") &&
                       (!response_modes_ || contains(*response_modes_, "form_post"));
    suggestions.type = front ? "front_channel" : "back_channel";

    const List methods = json::find_strings(document_, "code_challenge_methods_supported");
    const bool s256 = methods && contains(*methods, "S256");
    suggestions.pkce = s256 ? "S256" : methods && contains(*methods, "plain") ? "plain" : "auto";

    const List auth = json::find_strings(document_, "token_endpoint_auth_methods_supported");
    suggestions.token_endpoint_auth_method = "client_secret_post";
    if (auth && !contains(*auth, "client_secret_post"))
      for (const std::string_view method : {"client_secret_basic", "private_key_jwt", "none"})
        if (contains(*auth, method)) {
          suggestions.token_endpoint_auth_method = method;
          break;
        }

    const List scopes = json::find_strings(document_, "scopes_supported");
    for (const std::string_view scope : {"openid", "profile", "email"})
      if (scopes && !contains(*scopes, scope)) suggestions.scopes_missing.emplace_back(scope);
  }

  const js::object& document_;
  const std::string requested_url_;
  Discovery& out_;
  List response_types_, response_modes_;
};

std::string reason_of(http::FetchFailure failure) {
  if (failure == http::FetchFailure::address_not_allowed) return "address not allowed";
  return std::string(to_string(failure));
}

}  // namespace

std::string_view to_string(Discovery::Status status) {
  switch (status) {
    case Discovery::Status::ok:
      return "ok";
    case Discovery::Status::not_found:
      return "not_found";
    case Discovery::Status::invalid:
      return "invalid";
  }
  throw std::logic_error("Discovery::Status outside its enumerators");
}

std::optional<std::string> discovery_candidate(std::string_view typed) {
  std::string text(trim(typed));
  if (text.empty()) return std::nullopt;
  if (!text.contains("://")) text = "https://" + text;
  auto url = http::parse_url(text);
  if (!url || url->host.empty() || (!url->is_https() && !url->is_http())) return std::nullopt;
  url->query.reset();
  url->fragment.reset();
  if (!url->path.contains(kWellKnown)) {
    if (url->path.ends_with('/')) url->path.pop_back();
    url->path += kSuffix;
  }
  return url->str();
}

Discovery judge_document(std::string_view document, std::string_view requested_url, std::optional<Channel> channel) {
  Discovery out;
  out.requested_url = requested_url;
  // The last of two members counts here: a document is no token, and refusing it would help nobody.
  const auto parsed = json::parse(document, {.refuse_duplicates = false});
  if (!parsed || !parsed->is_object()) {
    out.reason = !parsed && parsed.error().code == json::ParseError::Code::too_long ? "too_large"
                 : parsed                                                           ? "not_object"
                                                                                    : "not_json";
    return out;
  }
  out.document = document;
  Judge(parsed->get_object(), requested_url, out).run(channel);
  return out;
}

Task<Discovery> Discoverer::discover(std::string typed_url, std::optional<Channel> channel, http::EgressPolicy egress) {
  const auto candidate = discovery_candidate(typed_url);
  if (!candidate) {
    Discovery out;
    out.requested_url = printable(typed_url, 2083);
    out.reason = to_string(http::FetchFailure::bad_url);
    co_return out;
  }
  http::OutboundRequest request;
  request.url = *candidate;
  request.headers = {{"Accept", "application/json"}};
  request.egress = std::move(egress);
  request.max_redirects = 3;
  const auto answer = co_await client_.send(std::move(request));
  Discovery out;
  out.requested_url = *candidate;
  if (!answer) {
    out.reason = reason_of(answer.error().failure);
    co_return out;
  }
  if (answer->status != 200) {
    out.http_status = answer->status;
    out.reason = "http_" + std::to_string(answer->status);
    co_return out;
  }
  out = judge_document(answer->body, *candidate, channel);
  out.http_status = answer->status;
  co_return out;
}

}  // namespace symbolon::upstream
