#pragma once

#include <optional>
#include <string>

#include "base/random.h"
#include "crypto/secret_box.h"
#include "db/transaction.h"
#include "http/request.h"
#include "http/response.h"
#include "login/first_contact.h"
#include "model/sealed.h"
#include "tickets/login_ticket.h"
#include "upstream/relying_party.h"

namespace symbolon::login {

/// A person whom a provider has proved and who has no account here yet: what the first-contact page is about. It lies
/// sealed in the database, and only the browser that came back from the provider has the value that finds it. Nothing of
/// it stands in the page (threats T1, T2, T8).
struct PendingContact {
  tickets::LoginTicket login;  ///< the sign-in that waits, with the application's request
  upstream::ProvenIdentity identity;
  FirstContactDecision decision;
  Instant proved_at{};  ///< when the provider did; what the person answers later makes it no younger
  UserId proposed;  ///< the account that auto-linking found; the only one that may then be linked
};

/// The value for the browser: 256 random bits, with an id that may stand in addresses.
struct ContactKey {
  std::string id;     ///< names the cookie
  std::string value;  ///< in clear
  model::TicketHash hash;
};
ContactKey make_contact_key(Random& random);
model::TicketHash hash_contact(std::string_view value);

/// Stores it; ends by itself after half an hour, or with its connection.
void store_contact(db::Transaction& tx, const crypto::SecretBox& box, const TenantId& tenant, const ContactKey& key,
                   const PendingContact& pending, Instant now);
/// Nullopt when unknown, expired or used.
std::optional<PendingContact> find_contact(db::Transaction& tx, const crypto::SecretBox& box, const http::Site& site,
                                           const model::TicketHash& hash, Instant now);
/// The same, and nobody finds it again.
std::optional<PendingContact> take_contact(db::Transaction& tx, const crypto::SecretBox& box, const http::Site& site,
                                           const model::TicketHash& hash, Instant now);

namespace contact_cookies {

void keep(http::Response& response, const http::Request& http, const ContactKey& key, Instant now);
/// The value of `id` in clear, if this browser has it.
std::optional<std::string> find(const http::Request& http, const std::string& id);
void forget(http::Response& response, const http::Request& http, const std::string& id);

}  // namespace contact_cookies
}  // namespace symbolon::login
