#include "management/client_credential.h"

#include <array>
#include <boost/json.hpp>
#include <stdexcept>

#include "base/encoding.h"
#include "base/text.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "jose/public_jwk.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kMethods{"private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"};

std::string text(const json::object& object, std::string_view name, std::string_view otherwise = "") {
  const auto* value = object.if_contains(name);
  return std::string(value && value->is_string() ? std::string_view(value->get_string()) : otherwise);
}

std::unexpected<Problem> refuse(const std::string& reason, const std::string& path, std::string_view member) {
  return std::unexpected(invalid_body("Payload validation error: '" + reason + "' on property " +
                                      (path.empty() ? "" : path + ".") + std::string(member) + "."));
}

std::optional<crypto::Certificate> read_certificate(const std::string& pem) {
  try {
    return crypto::Certificate::from_pem(pem);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

// A key that assertions are checked with: it must fit the one algorithm that it will be used with (threats T38).
std::expected<std::string, Problem> read_public_key(const json::object& sent, json::object& doc,
                                                    const std::string& path) {
  const auto key = crypto::PublicKey::from_pem(text(sent, "pem"));
  if (!key) return refuse("The key cannot be used: " + std::string(to_string(key.error())), path, "pem");
  const std::string algorithm = text(sent, "alg", "RS256");
  const auto parsed = crypto::parse_signature_algorithm(algorithm);
  if (!parsed || !crypto::fits(*parsed, key->type()))
    return refuse("A key of type " + std::string(to_string(key->type())) + " cannot be used with " + algorithm, path,
                  "alg");
  doc["kid"] = text(sent, "kid", jose::jwk_thumbprint(*key));
  doc["alg"] = algorithm;
  return key->spki_pem();
}

// The part that depends on the type; what is returned is stored to check signatures with.
std::expected<std::string, Problem> read_material(const json::object& sent, json::object& doc, const std::string& path) {
  const std::string type = text(sent, "credential_type");
  if (type == "public_key") return read_public_key(sent, doc, path);
  if (sent.contains("kid")) return refuse("Only credentials of type public_key have a kid", path, "kid");
  const auto certificate = read_certificate(text(sent, "pem"));
  if (type == "x509_cert") {
    if (!certificate) return refuse("Not an X.509 certificate in PEM", path, "pem");
    doc["subject_dn"] = certificate->subject();
    doc["thumbprint_sha256"] = base64url_encode(certificate->sha256_fingerprint());
    const auto key = crypto::PublicKey::from_pem(text(sent, "pem"));
    if (!key) return refuse("The key cannot be used: " + std::string(to_string(key.error())), path, "pem");
    return key->spki_pem();
  }
  const std::string subject = certificate ? certificate->subject() : text(sent, "subject_dn");
  if (subject.empty()) return refuse("Missing required property: subject_dn", path, "subject_dn");
  doc["subject_dn"] = subject;
  return std::string();
}

std::expected<std::string, Problem> read_expiry(const json::object& sent, const std::string& path) {
  const auto* parse = sent.if_contains("parse_expiry_from_cert");
  if (!parse || *parse != json::value(true)) {
    const auto sent_moment = from_iso8601(text(sent, "expires_at"));
    return sent_moment ? to_iso8601(*sent_moment) : std::string();
  }
  const auto certificate = read_certificate(text(sent, "pem"));
  if (!certificate) return refuse("There is no certificate to read the expiry from", path, "parse_expiry_from_cert");
  return to_iso8601(certificate->expires_at());
}

json::array* credentials_of(json::object& section) {
  auto* list = section.if_contains("credentials");
  return list ? list->if_array() : nullptr;
}

const json::array* credentials_of(const json::object& section) {
  const auto* list = section.if_contains("credentials");
  return list ? list->if_array() : nullptr;
}

// Calls `use` with every list of credentials in a client and where it is.
template <class Object, class Use>
void for_each_list(Object& client, Use use) {
  if (auto* methods = client.if_contains("client_authentication_methods"); methods && methods->is_object())
    for (const std::string_view name : kMethods)
      if (auto* method = methods->get_object().if_contains(name); method && method->is_object())
        if (auto* list = credentials_of(method->get_object()))
          use(*list, "client_authentication_methods." + std::string(name) + ".credentials");
  if (auto* requests = client.if_contains("signed_request_object"); requests && requests->is_object())
    if (auto* list = credentials_of(requests->get_object())) use(*list, std::string("signed_request_object.credentials"));
}

}  // namespace

std::expected<store::ClientCredential, Problem> make_credential(const json::object& sent, const ClientId& client,
                                                                const std::string& path, Random& random, Instant now) {
  store::ClientCredential made;
  made.id = "cred_" + random_alphanumeric(random, 22);
  made.client = client;
  made.created_at = now;
  json::object doc{{"id", made.id}, {"credential_type", text(sent, "credential_type")}};
  if (sent.contains("name")) doc["name"] = text(sent, "name");
  auto material = read_material(sent, doc, path);
  if (!material) return std::unexpected(std::move(material.error()));
  made.spki_pem = std::move(*material);
  const auto expiry = read_expiry(sent, path);
  if (!expiry) return std::unexpected(expiry.error());
  doc["created_at"] = to_iso8601(now);
  doc["updated_at"] = to_iso8601(now);
  if (!expiry->empty()) doc["expires_at"] = *expiry;
  made.doc = json::serialize(doc);
  return made;
}

std::expected<std::vector<store::ClientCredential>, Problem> take_credentials(json::object& sent, const ClientId& client,
                                                                              Random& random, Instant now) {
  std::vector<store::ClientCredential> made;
  std::optional<Problem> problem;
  for_each_list(sent, [&](json::array& list, const std::string& path) {
    for (std::size_t at = 0; at < list.size() && !problem; ++at) {
      auto credential =
          make_credential(list[at].get_object(), client, path + "[" + std::to_string(at) + "]", random, now);
      if (!credential) {
        problem = credential.error();
        return;
      }
      list[at] = json::object{{"id", credential->id}};
      made.push_back(std::move(*credential));
    }
  });
  if (problem) return std::unexpected(*problem);
  if (made.size() > kMaxCredentials)
    return std::unexpected(Problem{400, "operation_not_supported", "A client can have two credentials at most."});
  return made;
}

std::vector<std::string> referred_credentials(const json::object& document) {
  std::vector<std::string> ids;
  for_each_list(document, [&](const json::array& list, const std::string&) {
    for (const json::value& one : list) ids.push_back(text(one.get_object(), "id"));
  });
  return ids;
}

std::optional<Problem> check_references(db::Transaction& tx, const TenantId& tenant, const ClientId& client,
                                        const json::object& document) {
  for (const std::string& id : referred_credentials(document))
    if (!store::ClientStore(tx, tenant).find_credential(client, id))
      return invalid_body("Payload validation error: 'The client has no credential " + printable(id, 64) +
                          "' on property client_authentication_methods.");
  return std::nullopt;
}

}  // namespace symbolon::management
