#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "model/sealed.h"

namespace symbolon::tickets {

/// Random values that we hand out and store by hash only: 256 bits, base64url. The kind goes into the hash, so a value
/// of one kind is unknown wherever another kind is expected (threats T17, T24).
///
/// Those that every login or refresh makes begin with the time, and their hashes keep that beginning before the digest:
/// random keys would scatter the rows of one commit over as many pages.
template <class Hash>
struct Opaque {
  std::string value;
  Hash hash;
};

Opaque<model::CodeHash> make_code(Random& random, Instant now);
Opaque<model::AccessTokenHash> make_access_token(Random& random, Instant now);
Opaque<model::RefreshTokenHash> make_refresh_token(Random& random, Instant now);
Opaque<model::SessionCookieHash> make_session_cookie(Random& random, Instant now);
Opaque<model::ServiceTokenHash> make_service_token(Random& random);
Opaque<model::TicketHash> make_ticket(Random& random, std::string_view kind);

model::CodeHash hash_code(std::string_view value);
model::AccessTokenHash hash_access_token(std::string_view value);
model::RefreshTokenHash hash_refresh_token(std::string_view value);
model::SessionCookieHash hash_session_cookie(std::string_view value);
model::ClientSecretHash hash_client_secret(std::string_view value);
model::ServiceTokenHash hash_service_token(std::string_view value);
model::TicketHash hash_ticket(std::string_view kind, std::string_view value);

}  // namespace symbolon::tickets
