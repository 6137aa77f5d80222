#include "tickets/interaction.h"

#include <stdexcept>

#include "tickets/request_fields.h"

namespace symbolon::tickets {

// Of this file only; not in an unnamed namespace, where json/fields.h would not find them.
static std::string_view to_string(InteractionStep step) {
  switch (step) {
    case InteractionStep::sign_in:
      return "sign_in";
    case InteractionStep::account:
      return "account";
    case InteractionStep::consent:
      return "consent";
  }
  throw std::logic_error("InteractionStep outside its enumerators");
}

static bool from_text(std::string_view text, InteractionStep& step) {
  for (const auto candidate : {InteractionStep::sign_in, InteractionStep::account, InteractionStep::consent}) {
    if (to_string(candidate) != text) continue;
    step = candidate;
    return true;
  }
  return false;
}

namespace {

constexpr std::string_view kPurpose = "interaction";

std::string associated(const TenantId& tenant, std::string_view base_url, std::string_view id) {
  std::string place = tenant.str();
  place += '|';
  place += base_url;
  place += '|';
  place += id;
  return place;
}

}  // namespace

template <class V>
void fields(V& v, Interaction& i) {
  v("step", i.step);
  v("at", i.created_at);
  v("exp", i.expires_at);
  unless_usual(v, "sid", i.session);
  unless_usual(v, "user", i.user);
  unless_usual(v, "lc", i.login_claims);
  request_fields(v, i.request);
}

std::string seal_interaction(const crypto::SecretBox& box, const Interaction& interaction) {
  return box.seal(kPurpose, associated(interaction.tenant, interaction.base_url, interaction.id),
                  json::serialize_fields(interaction));
}

std::optional<Interaction> open_interaction(const crypto::SecretBox& box, std::string_view sealed, std::string_view id,
                                            const TenantId& tenant, std::string_view base_url, Instant now) {
  const auto text = box.open(kPurpose, associated(tenant, base_url, id), sealed);
  if (!text) return std::nullopt;
  auto interaction = json::parse_fields<Interaction>(*text);
  if (!interaction || now >= interaction->expires_at) return std::nullopt;
  interaction->id = id;
  interaction->tenant = tenant;
  interaction->base_url = base_url;
  return std::move(*interaction);
}

}  // namespace symbolon::tickets
