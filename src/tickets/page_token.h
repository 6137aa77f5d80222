#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "crypto/secret_box.h"

namespace symbolon::tickets {

/// The `next`/`from` cursor of a list: sealed, bound to tenant and filters, so that it can neither be forged nor used
/// with another query (threats T57). Valid for a day. URL-safe, below 1000 characters.
std::string seal_page_token(const crypto::SecretBox& box, const TenantId& tenant, std::string_view filters,
                            std::string_view position, Instant now);
std::optional<std::string> open_page_token(const crypto::SecretBox& box, const TenantId& tenant,
                                           std::string_view filters, std::string_view token, Instant now);

/// A form's proof that we rendered it for this browser: sealed, bound to a purpose and to what the page is about. Valid
/// for two hours.
std::string seal_form_token(const crypto::SecretBox& box, const TenantId& tenant, std::string_view purpose,
                            std::string_view bound_to, Instant now);
bool check_form_token(const crypto::SecretBox& box, const TenantId& tenant, std::string_view purpose,
                      std::string_view bound_to, std::string_view token, Instant now);

}  // namespace symbolon::tickets
