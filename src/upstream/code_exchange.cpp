#include "upstream/code_exchange.h"

#include <algorithm>

#include "base/text.h"
#include "http/form.h"
#include "upstream/error_mapping.h"

namespace symbolon::upstream {
namespace {

using model::UpstreamAuthMethod;

constexpr std::size_t kMaxAnswer = 256 * 1024;
constexpr std::size_t kMaxRemembered = 4096;

std::string key_of(const model::Connection& connection) {
  return connection.tenant.str() + "|" + connection.id.str() + "|" + connection.upstream.token_endpoint + "|" +
         connection.upstream.client_id;
}

UpstreamAuthMethod other(UpstreamAuthMethod method) {
  return method == UpstreamAuthMethod::client_secret_basic ? UpstreamAuthMethod::client_secret_post
                                                           : UpstreamAuthMethod::client_secret_basic;
}

http::OutboundRequest make_request(const model::UpstreamSettings& settings, const CodeRedemption& redemption,
                                   ClientProof proof,
                                   const std::vector<std::pair<std::string, std::string>>& own_headers) {
  std::vector<std::pair<std::string, std::string>> fields{
      {"grant_type", "authorization_code"}, {"code", redemption.code}, {"redirect_uri", redemption.redirect_uri}};
  if (!redemption.verifier.empty()) fields.emplace_back("code_verifier", redemption.verifier);
  std::ranges::move(proof.fields, std::back_inserter(fields));

  http::OutboundRequest request;
  request.method = http::Method::post;
  request.url = settings.token_endpoint;
  request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
  std::ranges::move(proof.headers, std::back_inserter(request.headers));
  for (const auto& [name, value] : own_headers) {
    std::erase_if(request.headers, [&](const auto& present) { return equals_ignoring_case(present.first, name); });
    request.headers.emplace_back(name, value);
  }
  request.body = http::encode_form(fields);
  request.max_body_bytes = kMaxAnswer;
  return request;
}

UpstreamError too_large() {
  UpstreamError error;
  error.step = "token_request";
  error.rule = "RP-63";
  error.check = "the token endpoint's answer has at most 256 KiB";
  error.received = "a larger answer";
  error.hint = "Check that token_endpoint is the provider's token endpoint.";
  error.downstream = misconfigured();
  return error;
}

}  // namespace

Task<CodeExchange::Answer> CodeExchange::post(std::shared_ptr<const model::Connection> connection,
                                              std::shared_ptr<Conversation> conversation, CodeRedemption redemption,
                                              UpstreamAuthMethod method) {
  auto proof = co_await prover_.prove(connection, method, conversation);
  if (!proof) co_return std::unexpected(std::move(proof.error()));
  const http::OutboundRequest request = make_request(connection->upstream, redemption, std::move(*proof),
                                                     prover_.open_headers(*connection, *conversation));

  auto answer = co_await conversation->send("token", request);
  const bool never_left =
      !answer && answer.error().failure == http::FetchFailure::connect && answer.error().sent_nothing;
  if (never_left) answer = co_await conversation->send("token", request);
  if (!answer)
    co_return std::unexpected(
        fetch_error(*connection, "token_request", "RP-60", "the provider's token endpoint", answer.error()));
  if (answer->body.size() > kMaxAnswer) co_return std::unexpected(too_large());
  co_return std::move(*answer);
}

Task<std::expected<TokenAnswer, UpstreamError>> CodeExchange::redeem(
    std::shared_ptr<const model::Connection> connection, std::shared_ptr<Conversation> conversation,
    CodeRedemption redemption) {
  const model::UpstreamSettings& settings = connection->upstream;
  UpstreamAuthMethod method = remembered(*connection);
  conversation->hide(redemption.code);
  conversation->hide(redemption.verifier);

  auto answer = co_await post(connection, conversation, redemption, method);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto refusal = find_refusal(*answer, settings.strategy);
  if (refusal && refusal->is_about_client() && settings.auth_method_detected) {
    method = other(method);
    answer = co_await post(connection, conversation, std::move(redemption), method);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    refusal = find_refusal(*answer, settings.strategy);
  }
  if (refusal) {
    conversation->show_body("token", answer->body);
    co_return std::unexpected(explain(*connection, *refusal, method));
  }
  remember(*connection, method);
  auto tokens = read_token_answer(*connection, *answer);
  if (!tokens) {
    conversation->show_body("token", answer->body);
    co_return tokens;
  }
  conversation->hide(tokens->access_token);
  conversation->hide(tokens->id_token);
  co_return tokens;
}

UpstreamAuthMethod CodeExchange::remembered(const model::Connection& connection) const {
  if (!connection.upstream.auth_method_detected) return connection.upstream.auth_method;
  const std::lock_guard lock(mutex_);
  const auto found = accepted_.find(key_of(connection));
  return found == accepted_.end() ? connection.upstream.auth_method : found->second;
}

void CodeExchange::remember(const model::Connection& connection, UpstreamAuthMethod method) {
  if (!connection.upstream.auth_method_detected) return;
  const std::lock_guard lock(mutex_);
  if (accepted_.size() >= kMaxRemembered) accepted_.clear();
  accepted_[key_of(connection)] = method;
}

}  // namespace symbolon::upstream
