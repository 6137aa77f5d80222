#include "tickets/opaque.h"

#include "base/time_ordered.h"
#include "crypto/digest.h"

namespace symbolon::tickets {
namespace {

constexpr std::size_t kBytes = 32;
constexpr std::size_t kTimeOrderedLength = kTimePrefixLength + (kBytes * 4 + 2) / 3;

// The label ends with a byte that no label contains, so two kinds can never hash the same input.
std::string labelled_hash(std::string_view label, std::string_view value) {
  std::string input;
  input.reserve(label.size() + 1 + value.size());
  input += label;
  input.push_back('\0');
  input += value;
  return crypto::sha256(input);
}

template <class Hash>
Opaque<Hash> make(Random& random, std::string_view label) {
  Opaque<Hash> made;
  made.value = random_token(random, kBytes);
  made.hash.bytes = labelled_hash(label, made.value);
  return made;
}

// Values that were handed out before times were put into them are shorter; they are found by the digest alone.
std::string time_ordered_hash(std::string_view label, std::string_view value) {
  if (value.size() != kTimeOrderedLength) return labelled_hash(label, value);
  return std::string(value.substr(0, kTimePrefixLength)) + labelled_hash(label, value);
}

template <class Hash>
Opaque<Hash> make_time_ordered(Random& random, Instant now, std::string_view label) {
  Opaque<Hash> made;
  made.value = time_ordered_token(random, now, kBytes);
  made.hash.bytes = time_ordered_hash(label, made.value);
  return made;
}

constexpr std::string_view kCode = "code";
constexpr std::string_view kAccessToken = "access_token";
constexpr std::string_view kRefreshToken = "refresh_token";
constexpr std::string_view kSessionCookie = "session_cookie";
constexpr std::string_view kClientSecret = "client_secret";
constexpr std::string_view kServiceToken = "service_token";

std::string ticket_label(std::string_view kind) { return "ticket:" + std::string(kind); }

}  // namespace

Opaque<model::CodeHash> make_code(Random& random, Instant now) {
  return make_time_ordered<model::CodeHash>(random, now, kCode);
}
Opaque<model::AccessTokenHash> make_access_token(Random& random, Instant now) {
  return make_time_ordered<model::AccessTokenHash>(random, now, kAccessToken);
}
Opaque<model::RefreshTokenHash> make_refresh_token(Random& random, Instant now) {
  return make_time_ordered<model::RefreshTokenHash>(random, now, kRefreshToken);
}
Opaque<model::SessionCookieHash> make_session_cookie(Random& random, Instant now) {
  return make_time_ordered<model::SessionCookieHash>(random, now, kSessionCookie);
}
Opaque<model::ServiceTokenHash> make_service_token(Random& random) {
  return make<model::ServiceTokenHash>(random, kServiceToken);
}
Opaque<model::TicketHash> make_ticket(Random& random, std::string_view kind) {
  return make<model::TicketHash>(random, ticket_label(kind));
}

model::CodeHash hash_code(std::string_view value) { return {time_ordered_hash(kCode, value)}; }
model::AccessTokenHash hash_access_token(std::string_view value) { return {time_ordered_hash(kAccessToken, value)}; }
model::RefreshTokenHash hash_refresh_token(std::string_view value) { return {time_ordered_hash(kRefreshToken, value)}; }
model::SessionCookieHash hash_session_cookie(std::string_view value) {
  return {time_ordered_hash(kSessionCookie, value)};
}
model::ClientSecretHash hash_client_secret(std::string_view value) { return {labelled_hash(kClientSecret, value)}; }
model::ServiceTokenHash hash_service_token(std::string_view value) { return {labelled_hash(kServiceToken, value)}; }
model::TicketHash hash_ticket(std::string_view kind, std::string_view value) {
  return {labelled_hash(ticket_label(kind), value)};
}

}  // namespace symbolon::tickets
