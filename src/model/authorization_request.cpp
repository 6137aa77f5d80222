#include "model/authorization_request.h"

#include "base/text.h"

namespace symbolon::model {

bool AuthorizationRequest::wants_code() const { return contains(split_words(response_type), "code"); }
bool AuthorizationRequest::wants_id_token() const { return contains(split_words(response_type), "id_token"); }
bool AuthorizationRequest::wants_access_token() const { return contains(split_words(response_type), "token"); }
bool AuthorizationRequest::has_scope(std::string_view name) const { return contains(scope, name); }
bool AuthorizationRequest::has_prompt(std::string_view name) const { return contains(prompt, name); }
bool AuthorizationRequest::may_be(const UserId& user) const { return subjects.empty() || contains(subjects, user.str()); }
bool AuthorizationRequest::accepts_acr(std::string_view acr) const {
  return required_acr.empty() || contains(required_acr, acr);
}

}  // namespace symbolon::model
