#include "management/connection_key.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "crypto/certificate.h"
#include "jose/public_jwk.h"
#include "store/signing_key_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using crypto::SignatureAlgorithm;

constexpr auto kCertificateLife = std::chrono::days(3650);
constexpr std::size_t kKidBytes = 32;  // 43 characters

crypto::KeyType key_type_for(SignatureAlgorithm algorithm) {
  for (const crypto::KeyType type : {crypto::KeyType::ec_p256, crypto::KeyType::ec_p384})
    if (crypto::fits(algorithm, type)) return type;
  return crypto::KeyType::rsa;
}

model::SigningKey generate(const Services& services, const model::Connection& connection,
                           SignatureAlgorithm algorithm, model::KeyState state, Instant now) {
  const auto key = crypto::PrivateKey::generate(key_type_for(algorithm));
  const auto certificate =
      crypto::Certificate::self_signed(key, connection.name, {now, now + kCertificateLife}, services.random);
  model::SigningKey record;
  record.tenant = connection.tenant;
  record.owner = connection.id.str();
  record.kid = random_token(services.random, kKidBytes);
  record.algorithm = to_string(algorithm);
  record.state = state;
  record.private_key.bytes =
      services.box.seal("signing-key", connection.tenant.str() + "|" + record.kid, key.pkcs8_der().reveal());
  record.certificate = certificate.pem();
  record.public_jwk =
      json::serialize(jose::render_public_jwk(key.public_key(), record.kid, algorithm, &certificate));
  record.created_at = now;
  if (state == model::KeyState::current) record.current_since = now;
  return record;
}

// Tools for Windows read these; Auth0 sends them with CRLF too.
std::string with_crlf(const std::string& pem) {
  std::string text;
  for (const char letter : pem) {
    if (letter == '\n') text += '\r';
    text += letter;
  }
  return text;
}

std::string upper_hex(const std::string& bytes) {
  std::string text = hex_encode(bytes);
  for (char& letter : text)
    if (letter >= 'a') letter = static_cast<char>(letter - 'a' + 'A');
  return text;
}

std::string with_colons(const std::string& hex) {
  std::string text;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    if (at > 0) text += ':';
    text += hex.substr(at, 2);
  }
  return text;
}

}  // namespace

Task<model::SigningKey> make_connection_key(const Services& services, model::Connection connection,
                                            SignatureAlgorithm algorithm, model::KeyState state) {
  const Instant now = services.clock.now();
  co_return co_await services.workers.run([&] { return generate(services, connection, algorithm, state, now); });
}

Task<ConnectionKeyList> make_key_pair(const Services& services, model::Connection connection,
                                      SignatureAlgorithm algorithm) {
  ConnectionKeyList keys;
  for (const model::KeyState state : {model::KeyState::current, model::KeyState::next})
    keys.push_back(co_await make_connection_key(services, connection, algorithm, state));
  co_return keys;
}

Task<ConnectionKeyList> make_first_keys(const Services& services, model::Connection connection, bool has_keys) {
  if (has_keys || connection.upstream.auth_method != model::UpstreamAuthMethod::private_key_jwt)
    co_return ConnectionKeyList();
  const auto algorithm = crypto::parse_signature_algorithm(connection.upstream.assertion_algorithm);
  co_return co_await make_key_pair(services, std::move(connection), algorithm.value_or(SignatureAlgorithm::RS256));
}

bool has_connection_keys(db::Transaction& tx, const model::Connection& connection) {
  return !store::SigningKeyStore(tx, connection.tenant, connection.id.str()).list().empty();
}

void insert_first_keys(db::Transaction& tx, const model::Connection& connection, const ConnectionKeyList& keys) {
  if (keys.empty() || has_connection_keys(tx, connection)) return;
  store::SigningKeyStore store(tx, connection.tenant, connection.id.str());
  for (const model::SigningKey& key : keys) store.insert(key);
}

json::object show_connection_key(const model::SigningKey& key, std::string_view connection_name) {
  const auto certificate = crypto::Certificate::from_pem(key.certificate);
  const std::string thumbprint = upper_hex(certificate.sha1_fingerprint());
  json::object shown{{"kid", key.kid},
                     {"algorithm", key.algorithm},
                     {"key_use", "signing"},
                     {"subject_dn", "/CN=" + std::string(connection_name)},
                     {"cert", with_crlf(key.certificate)},
                     {"pkcs", with_crlf(certificate.pkcs7_pem())},
                     {"fingerprint", with_colons(thumbprint)},
                     {"thumbprint", thumbprint}};
  shown[to_string(key.state)] = true;
  if (key.current_since) shown["current_since"] = to_iso8601(*key.current_since);
  if (key.current_until) shown["current_until"] = to_iso8601(*key.current_until);
  return shown;
}

}  // namespace symbolon::management
