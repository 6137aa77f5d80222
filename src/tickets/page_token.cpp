#include "tickets/page_token.h"

#include "base/encoding.h"
#include "crypto/digest.h"

namespace symbolon::tickets {
namespace {

constexpr std::chrono::hours kCursorLifetime{24};
constexpr std::chrono::hours kFormLifetime{2};

std::string associated(const TenantId& tenant, std::string_view bound_to) {
  // A hash keeps the length of what is bound out of the token's associated data, whatever it contains.
  return tenant.str() + "|" + crypto::sha256(bound_to);
}

std::string seal(const crypto::SecretBox& box, std::string_view purpose, const TenantId& tenant,
                 std::string_view bound_to, Instant expires_at, std::string_view content) {
  const std::string text = std::to_string(to_epoch_seconds(expires_at)) + "|" + std::string(content);
  return base64url_encode(box.seal(purpose, associated(tenant, bound_to), text));
}

std::optional<std::string> open(const crypto::SecretBox& box, std::string_view purpose, const TenantId& tenant,
                                std::string_view bound_to, std::string_view token, Instant now) {
  const auto sealed = base64url_decode(token);
  if (!sealed) return std::nullopt;
  const auto text = box.open(purpose, associated(tenant, bound_to), *sealed);
  if (!text) return std::nullopt;
  const auto bar = text->find('|');
  if (bar == std::string::npos || now >= from_epoch_seconds(std::stoll(text->substr(0, bar)))) return std::nullopt;
  return text->substr(bar + 1);
}

}  // namespace

std::string seal_page_token(const crypto::SecretBox& box, const TenantId& tenant, std::string_view filters,
                            std::string_view position, Instant now) {
  return seal(box, "page-token", tenant, filters, now + kCursorLifetime, position);
}

std::optional<std::string> open_page_token(const crypto::SecretBox& box, const TenantId& tenant,
                                           std::string_view filters, std::string_view token, Instant now) {
  return open(box, "page-token", tenant, filters, token, now);
}

std::string seal_form_token(const crypto::SecretBox& box, const TenantId& tenant, std::string_view purpose,
                            std::string_view bound_to, Instant now) {
  return seal(box, "form-token:" + std::string(purpose), tenant, bound_to, now + kFormLifetime, "");
}

bool check_form_token(const crypto::SecretBox& box, const TenantId& tenant, std::string_view purpose,
                      std::string_view bound_to, std::string_view token, Instant now) {
  return open(box, "form-token:" + std::string(purpose), tenant, bound_to, token, now).has_value();
}

}  // namespace symbolon::tickets
