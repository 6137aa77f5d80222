#pragma once

#include "db/database.h"
#include "management/access.h"
#include "oidc/access_token_verifier.h"

namespace symbolon::app {

/// Management API callers: our own JWT access tokens for the API of the tenant's canonical host or of the host called
/// (management-api §1.2, A-5), narrowed to what the client's grant allows today.
class ManagementTokenVerifier final : public management::TokenVerifier {
 public:
  ManagementTokenVerifier(db::Database& db, oidc::AccessTokenVerifier& tokens) : db_(db), tokens_(tokens) {}

  Task<std::expected<management::Caller, management::Problem>> verify(http::Site site,
                                                                      std::string bearer_token) override;

 private:
  db::Database& db_;
  oidc::AccessTokenVerifier& tokens_;
};

}  // namespace symbolon::app
