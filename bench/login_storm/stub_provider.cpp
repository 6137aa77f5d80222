#include "login_storm/stub_provider.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/encoding.h"
#include "base/text.h"
#include "login_storm/tokens.h"

namespace symbolon::bench {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds kTokenLifetime{600};
constexpr std::string_view kAccessTokenPrefix = "stub-access-";

ServerResponse refuse(unsigned status, const char* error, const char* description) {
  return {.status = status,
          .content_type = "application/json",
          .body = json::serialize(json::object{{"error", error}, {"error_description", description}}),
          .headers = {}};
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '&')
      out.append("&amp;");
    else if (letter == '"')
      out.append("&quot;");
    else if (letter == '<')
      out.append("&lt;");
    else
      out.push_back(letter);
  }
  return out;
}

std::string form_post_page(const std::string& action, const Parameters& fields) {
  std::string page =
      "<!doctype html><title>Signed in</title><form method=\"post\" action=\"" + escape_html(action) + "\">";
  for (const auto& [name, value] : fields)
    page += "<input type=\"hidden\" name=\"" + name + "\" value=\"" + escape_html(value) + "\">";
  return page + "<button>Continue</button></form>";
}

json::object profile(const std::string& subject) {
  return {{"sub", subject},
          {"email", subject + "@storm.example"},
          {"email_verified", true},
          {"name", "Person " + subject},
          {"given_name", "Person"},
          {"family_name", subject},
          {"preferred_username", subject}};
}

}  // namespace

StubProvider::StubProvider(StubConfig config, Signer signer, const Clock& clock)
    : config_(std::move(config)),
      signer_(std::move(signer)),
      clock_(clock),
      discovery_(discovery()),
      jwks_(json::serialize(signer_.jwks())),
      token_times_(kMaxTravellers) {}

std::string StubProvider::discovery() const {
  const json::object document{
      {"issuer", config_.issuer},
      {"authorization_endpoint", authorization_endpoint()},
      {"token_endpoint", config_.issuer + "/token"},
      {"userinfo_endpoint", config_.issuer + "/userinfo"},
      {"jwks_uri", config_.issuer + "/jwks"},
      {"response_types_supported", json::array{"code", "id_token"}},
      {"response_modes_supported", json::array{"query", "form_post"}},
      {"grant_types_supported", json::array{"authorization_code", "implicit"}},
      {"subject_types_supported", json::array{"public"}},
      {"scopes_supported", json::array{"openid", "profile", "email"}},
      {"id_token_signing_alg_values_supported", json::array{json::string_view(jose_name(signer_.algorithm()))}},
      {"token_endpoint_auth_methods_supported", json::array{"client_secret_basic", "client_secret_post"}},
      {"code_challenge_methods_supported", json::array{"S256"}},
      {"authorization_response_iss_parameter_supported", true}};
  return json::serialize(document);
}

std::string StubProvider::encode(const Grant& grant) {
  return std::to_string(grant.traveller) + "." + grant.subject + "." + base64url_encode(grant.challenge) + "." +
         base64url_encode(grant.nonce) + "." + random_token();
}

std::optional<StubProvider::Grant> StubProvider::decode(std::string_view code) {
  std::array<std::string_view, 5> parts;
  for (std::string_view& part : parts) {
    part = code.substr(0, code.find('.'));
    code.remove_prefix(std::min(part.size() + 1, code.size()));
  }
  Grant grant{.traveller = 0, .subject = std::string(parts[1]), .challenge = {}, .nonce = {}};
  const auto [end, error] = std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), grant.traveller);
  const auto challenge = base64url_decode(parts[2]);
  const auto nonce = base64url_decode(parts[3]);
  if (error != std::errc{} || grant.traveller >= kMaxTravellers || !challenge || !nonce || parts[4].empty())
    return std::nullopt;
  grant.challenge = *challenge;
  grant.nonce = *nonce;
  return grant;
}

bool StubProvider::wants_id_token(const Parameters& request) {
  return value_of(request, "response_type") == "id_token";
}

ServerResponse StubProvider::authorize(const Parameters& request, unsigned traveller) {
  const std::string redirect_uri = value_of(request, "redirect_uri");
  if (value_of(request, "client_id") != config_.client_id) return refuse(400, "invalid_request", "unknown client_id");
  if (redirect_uri.empty()) return refuse(400, "invalid_request", "redirect_uri is missing");
  const std::uint64_t person = next_person_.fetch_add(1, std::memory_order_relaxed);
  const Grant grant{.traveller = traveller,
                    .subject = "p" + std::to_string(config_.people == 0 ? person : person % config_.people),
                    .challenge = value_of(request, "code_challenge"),
                    .nonce = value_of(request, "nonce")};
  Parameters answer{{"state", value_of(request, "state")}, {"iss", config_.issuer}};
  if (wants_id_token(request)) {
    if (value_of(request, "response_mode") != "form_post" || grant.nonce.empty())
      return refuse(400, "invalid_request", "id_token needs response_mode=form_post and a nonce");
    answer.emplace_back("id_token", id_token(grant, {}));
    return {.status = 200, .content_type = "text/html", .body = form_post_page(redirect_uri, answer), .headers = {}};
  }
  if (value_of(request, "response_type") != "code")
    return refuse(400, "unsupported_response_type", "only code and id_token");
  if (!grant.challenge.empty() && value_of(request, "code_challenge_method") != "S256")
    return refuse(400, "invalid_request", "code_challenge_method must be S256");
  answer.emplace_back("code", encode(grant));
  return {.status = 302, .content_type = {}, .body = {}, .headers = {{"Location", with_query(redirect_uri, answer)}}};
}

Task<ServerResponse> StubProvider::handle(ServerRequest request) {
  const std::string_view path = request.path();
  if (path == "/token" && request.method == "POST") co_return token(request);
  if (path == "/authorize") {
    const Parameters parameters = parse_form(request.method == "POST" ? request.body : query_of(request.target));
    const unsigned long traveller = std::strtoul(value_of(parameters, "storm_traveller").c_str(), nullptr, 10);
    co_return authorize(parameters, static_cast<unsigned>(std::min<unsigned long>(traveller, kMaxTravellers - 1)));
  }
  if (path == "/userinfo") co_return userinfo(request);
  if (path == "/.well-known/openid-configuration") co_return ServerResponse{.body = discovery_, .headers = {}};
  if (path == "/jwks") co_return ServerResponse{.body = jwks_, .headers = {}};
  co_return refuse(404, "not_found", "no such page");
}

ServerResponse StubProvider::token(const ServerRequest& request) {
  const auto started = std::chrono::steady_clock::now();
  const Parameters form = parse_form(request.body);
  if (!is_client(request, form)) return refuse(401, "invalid_client", "wrong client_id or client_secret");
  if (value_of(form, "grant_type") != "authorization_code")
    return refuse(400, "unsupported_grant_type", "only authorization_code");
  const auto grant = decode(value_of(form, "code"));
  if (!grant) return refuse(400, "invalid_grant", "not a code of this provider");
  const std::string verifier = value_of(form, "code_verifier");
  if (grant->challenge.empty() != verifier.empty() ||
      (!verifier.empty() && pkce_challenge(verifier) != grant->challenge))
    return refuse(400, "invalid_grant", "code_verifier does not fit code_challenge");

  const std::string access_token = std::string(kAccessTokenPrefix) + grant->subject + "." + random_token();
  const json::object answer{{"access_token", access_token},
                            {"token_type", "Bearer"},
                            {"expires_in", kTokenLifetime.count()},
                            {"scope", "openid profile email"},
                            {"id_token", id_token(*grant, access_token)}};
  ServerResponse response{.body = json::serialize(answer), .headers = {{"Cache-Control", "no-store"}}};
  token_times_[grant->traveller].store((std::chrono::steady_clock::now() - started).count(), std::memory_order_relaxed);
  return response;
}

bool StubProvider::is_client(const ServerRequest& request, const Parameters& form) const {
  std::string id = value_of(form, "client_id"), secret = value_of(form, "client_secret");
  if (request.authorization.starts_with("Basic ")) {
    const std::string pair = base64_decode(trim(request.authorization.substr(6))).value_or("");
    const std::size_t colon = std::min(pair.find(':'), pair.size());
    id = form_decode(pair.substr(0, colon));  // RFC 6749 §2.3.1 encodes both halves
    secret = form_decode(pair.substr(std::min(colon + 1, pair.size())));
  }
  return id == config_.client_id && secret == config_.client_secret;
}

std::string StubProvider::id_token(const Grant& grant, std::string_view access_token) {
  const std::int64_t now = to_epoch_seconds(clock_.now());
  json::object claims = profile(grant.subject);
  claims["iss"] = config_.issuer;
  claims["aud"] = config_.client_id;
  claims["iat"] = now;
  claims["exp"] = now + kTokenLifetime.count();
  if (!grant.nonce.empty()) claims["nonce"] = grant.nonce;
  if (!access_token.empty()) claims["at_hash"] = base64url_encode(sha256(access_token).substr(0, 16));
  signed_.fetch_add(1, std::memory_order_relaxed);
  return signer_.sign(json::serialize(claims));
}

ServerResponse StubProvider::userinfo(const ServerRequest& request) const {
  std::string_view token = request.authorization;
  if (!token.starts_with("Bearer ")) return refuse(401, "invalid_token", "no bearer token");
  token = trim(token.substr(7));
  if (!token.starts_with(kAccessTokenPrefix)) return refuse(401, "invalid_token", "not a token of this provider");
  token.remove_prefix(kAccessTokenPrefix.size());
  return {.body = json::serialize(profile(std::string(token.substr(0, token.find('.'))))), .headers = {}};
}

std::chrono::nanoseconds StubProvider::token_time(unsigned traveller) const {
  return std::chrono::nanoseconds(token_times_.at(traveller).load(std::memory_order_relaxed));
}

}  // namespace symbolon::bench
