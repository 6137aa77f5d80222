#include "upstream/userinfo.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "jose/verify.h"
#include "json/parse.h"
#include "json/read.h"
#include "upstream/attribute_map.h"
#include "upstream/error_mapping.h"
#include "upstream/key_use.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;

UpstreamError failure(const model::Connection& connection, std::string check, std::string expected,
                      std::string received) {
  UpstreamError error;
  error.step = "userinfo";
  error.rule = "RP-67";
  error.check = std::move(check);
  error.expected = std::move(expected);
  error.received = std::move(received);
  error.hint = "The user information must be about the person of the ID token: check userinfo_endpoint.";
  error.downstream = {model::OAuthCode::access_denied, "Invalid user information from " + plain_label(connection), {}};
  return error;
}

bool is_jwt(const http::OutboundResponse& answer) {
  const std::string_view type = answer.headers.get("Content-Type");
  return equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/jwt");
}

bool names_client(const js::object& claims, const std::string& client_id) {
  if (const auto one = json::find_text(claims, "aud")) return *one == client_id;
  const auto several = json::find_strings(claims, "aud");
  return several && contains(*several, client_id);
}

// The claims of a signed answer; a sentence when they do not count.
std::expected<js::object, std::string> open_jwt(const jose::Jws& jws, const jose::KeySet& keys,
                                                const model::UpstreamSettings& settings, const std::string& issuer,
                                                KeyTrouble& trouble) {
  const auto allowed =
      jose::AlgorithmSet::from_names(settings.id_token_algorithms).intersection(jose::kDefaultUpstreamAlgorithms);
  const auto key = jose::verify(jws, keys, allowed);
  if (!key) {
    if (key.error() == jose::JoseError::unknown_key) trouble = KeyTrouble::unknown_kid;
    if (key.error() == jose::JoseError::signature) trouble = KeyTrouble::bad_signature;
    return std::unexpected(std::string(to_string(key.error())));
  }
  auto claims = jws.payload();
  if (!claims) return std::unexpected(std::string(to_string(claims.error())));
  if (json::find_string(*claims, "iss") != issuer) return std::unexpected("iss is not the ID token's issuer");
  if (!names_client(*claims, settings.client_id)) return std::unexpected("aud is not the connection's client id");
  return std::move(*claims);
}

using Claims = std::expected<js::object, std::string>;

Task<std::expected<Claims, UpstreamError>> read_claims(JwksCache& keys,
                                                       std::shared_ptr<const model::Connection> connection,
                                                       std::shared_ptr<Conversation> conversation,
                                                       http::OutboundResponse answer, std::string issuer) {
  if (!is_jwt(answer)) {
    auto object = json::parse_object(answer.body);
    if (object) co_return Claims(std::move(*object));
    co_return Claims(std::unexpected("not a JSON object: " + json::describe(object.error())));
  }
  const auto jws = jose::Jws::parse(std::string(trim(answer.body)));
  if (!jws) co_return Claims(std::unexpected(std::string(to_string(jws.error()))));
  Claims claims = std::unexpected(std::string());
  auto done = co_await with_keys(keys, connection, conversation, [&](const jose::KeySet& set) {
    KeyTrouble trouble = KeyTrouble::none;
    claims = open_jwt(*jws, set, connection->upstream, issuer, trouble);
    return trouble;
  });
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return claims;
}

// RP-67: what could not be had hurts only where it is needed.
std::expected<std::string, UpstreamError> without_answer(const model::Connection& connection,
                                                         Conversation& conversation, UpstreamError error) {
  if (is_userinfo_needed(connection.upstream)) return std::unexpected(std::move(error));
  conversation.warn("the userinfo endpoint gave no usable answer: " + error.received);
  return std::string();
}

}  // namespace

bool is_userinfo_due(const model::UpstreamSettings& settings, std::string_view access_token) {
  if (settings.strategy == model::Strategy::oauth2 || settings.channel != model::Channel::back_channel ||
      access_token.empty() || settings.userinfo_endpoint.empty())
    return false;
  if (settings.mapping_mode == model::MappingMode::bind_all) return settings.bind_userinfo;
  return settings.mapping_mode == model::MappingMode::use_map && map_reads_userinfo(settings.mapping_attributes);
}

bool is_userinfo_needed(const model::UpstreamSettings& settings) {
  const bool bound = settings.mapping_mode == model::MappingMode::bind_all && settings.bind_userinfo;
  return bound || map_needs_userinfo(settings.mapping_attributes);
}

Task<std::expected<std::string, UpstreamError>> fetch_userinfo(JwksCache& keys,
                                                               std::shared_ptr<const model::Connection> connection,
                                                               std::shared_ptr<Conversation> conversation,
                                                               std::string access_token, std::string issuer,
                                                               std::string subject) {
  http::OutboundRequest request;
  request.url = connection->upstream.userinfo_endpoint;
  request.headers = {{"Accept", "application/json"}, {"Authorization", "Bearer " + access_token}};
  auto answer = co_await conversation->send("userinfo", std::move(request));
  if (!answer)
    co_return without_answer(
        *connection, *conversation,
        fetch_error(*connection, "userinfo", "RP-67", "the provider's userinfo endpoint", answer.error()));
  if (answer->status != 200) {
    UpstreamError error =
        failure(*connection, "the userinfo endpoint answers", "HTTP 200", "HTTP " + std::to_string(answer->status));
    error.downstream = unreachable(*connection);
    error.downstream.code = model::OAuthCode::server_error;
    co_return without_answer(*connection, *conversation, std::move(error));
  }
  const std::string body = answer->body;
  auto read = co_await read_claims(keys, connection, conversation, std::move(*answer), std::move(issuer));
  if (!read) co_return std::unexpected(std::move(read.error()));
  const Claims& claims = *read;
  if (!claims) {
    conversation->show_body("userinfo", body);
    co_return std::unexpected(failure(*connection, "the userinfo endpoint's answer can be used",
                                      "a JSON object, or a JWT signed by the provider", claims.error()));
  }
  const auto about = json::find_text(*claims, "sub");
  if (!about || *about != subject)
    co_return std::unexpected(failure(*connection, "the user information is about the person of the ID token",
                                      "sub " + subject, about ? "sub " + std::string(*about) : "no sub"));
  co_return js::serialize(*claims);
}

}  // namespace symbolon::upstream
