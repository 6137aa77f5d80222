#pragma once

#include <expected>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/task.h"
#include "model/connection.h"
#include "upstream/client_proof.h"
#include "upstream/conversation.h"
#include "upstream/token_answer.h"

namespace symbolon::upstream {

/// A code on its way to the token endpoint.
struct CodeRedemption {
  std::string code, redirect_uri;
  std::string verifier;  ///< empty without PKCE
};

/// The token request (login-runtime §2.8, RP-80). A code is sent once: again only when the first request certainly did
/// not leave, or, for oauth2 connections that leave the method open, when the provider did not accept how we proved
/// ourselves. What it accepted is remembered while the server runs. Thread-safe.
class CodeExchange {
 public:
  explicit CodeExchange(ClientProver prover) : prover_(prover) {}

  Task<std::expected<TokenAnswer, UpstreamError>> redeem(std::shared_ptr<const model::Connection> connection,
                                                         std::shared_ptr<Conversation> conversation,
                                                         CodeRedemption redemption);

 private:
  using Answer = std::expected<http::OutboundResponse, UpstreamError>;

  Task<Answer> post(std::shared_ptr<const model::Connection> connection, std::shared_ptr<Conversation> conversation,
                    CodeRedemption redemption, model::UpstreamAuthMethod method);
  model::UpstreamAuthMethod remembered(const model::Connection& connection) const;
  void remember(const model::Connection& connection, model::UpstreamAuthMethod method);

  ClientProver prover_;
  mutable std::mutex mutex_;
  std::map<std::string, model::UpstreamAuthMethod> accepted_;
};

}  // namespace symbolon::upstream
