#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "json/fields.h"
#include "model/authorization_request.h"

namespace symbolon::tickets {

/// Leaves out what is as in a new value: sealed values travel with every request to our host while they last.
template <class V, class T>
void unless_usual(V& v, std::string_view name, T& member, const std::type_identity_t<T>& usual = T()) {
  if constexpr (std::same_as<V, json::FieldWriter>) {
    if (member == usual) return;
  }
  v(name, member);
}

/// The members of a downstream request inside a sealed value, in as few letters as tell them apart. No other member of
/// such a value may have one of these names.
template <class V>
void request_fields(V& v, model::AuthorizationRequest& r) {
  unless_usual(v, "id", r.client);
  unless_usual(v, "ru", r.redirect_uri);
  unless_usual(v, "rs", r.redirect_uri_was_sent, true);
  unless_usual(v, "rt", r.response_type);
  unless_usual(v, "rm", r.response_mode);
  unless_usual(v, "sc", r.scope);
  unless_usual(v, "aud", r.audience);
  unless_usual(v, "st", r.state);
  unless_usual(v, "rn", r.nonce);
  unless_usual(v, "cc", r.code_challenge);
  unless_usual(v, "cm", r.code_challenge_method);
  unless_usual(v, "p", r.prompt);
  unless_usual(v, "ma", r.max_age);
  unless_usual(v, "lh", r.login_hint);
  unless_usual(v, "rc", r.connection);
  unless_usual(v, "cs", r.connection_scope);
  unless_usual(v, "ul", r.ui_locales);
  unless_usual(v, "acr", r.acr_values);
  unless_usual(v, "d", r.display);
  unless_usual(v, "su", r.subjects);
  // What was sealed before `su` names its one person here; left out, such a value would let anybody in.
  if constexpr (std::same_as<V, json::FieldReader>) {
    std::string subject;
    v("hs", subject);
    if (r.subjects.empty() && !subject.empty()) r.subjects = {std::move(subject)};
  }
  unless_usual(v, "ci", r.claims.id_token);
  unless_usual(v, "cu", r.claims.userinfo);
  unless_usual(v, "ra", r.required_acr);
  unless_usual(v, "po", r.passed_on);
}

}  // namespace symbolon::tickets
