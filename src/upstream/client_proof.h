#pragma once

#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "base/workers.h"
#include "crypto/secret_box.h"
#include "model/connection.h"
#include "upstream/assertion_keys.h"
#include "upstream/conversation.h"

namespace symbolon::upstream {

/// Form fields and header fields that prove to a token endpoint who we are.
struct ClientProof {
  std::vector<std::pair<std::string, std::string>> fields, headers;
};

/// Makes proofs (login-runtime RP-61, RP-62). Every secret that goes into one is hidden in the conversation first.
class ClientProver {
 public:
  ClientProver(AssertionKeys& keys, const crypto::SecretBox& box, Workers& workers, const Clock& clock, Random& random)
      : keys_(keys), box_(box), workers_(workers), clock_(clock), random_(random) {}

  /// The connection's own headers for the token request (customHeaders of oauth2), hidden in the conversation.
  std::vector<std::pair<std::string, std::string>> open_headers(const model::Connection& connection,
                                                                Conversation& conversation) const;
  Task<std::expected<ClientProof, UpstreamError>> prove(std::shared_ptr<const model::Connection> connection,
                                                        model::UpstreamAuthMethod method,
                                                        std::shared_ptr<Conversation> conversation);

 private:
  std::expected<std::string, UpstreamError> open_secret(const model::Connection& connection,
                                                        Conversation& conversation);
  Task<std::expected<std::string, UpstreamError>> make_assertion(std::shared_ptr<const model::Connection> connection);

  AssertionKeys& keys_;
  const crypto::SecretBox& box_;
  Workers& workers_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace symbolon::upstream
