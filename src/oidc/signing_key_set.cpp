#include "oidc/signing_key_set.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "jose/public_jwk.h"
#include "jose/sign.h"
#include "json/parse.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using crypto::SignatureAlgorithm;

constexpr std::size_t kKidBytes = 16;
constexpr auto kCertificateLife = std::chrono::years(10);

// One published form of a key.
struct Form {
  SignatureAlgorithm algorithm;
  std::string kid;
};

std::vector<Form> forms_of(const model::SigningKey& record) {
  const auto algorithm = crypto::parse_signature_algorithm(record.algorithm);
  if (!algorithm) throw std::logic_error("signing key of an unknown algorithm");
  std::vector<Form> forms{{*algorithm, record.kid}};
  if (*algorithm == SignatureAlgorithm::RS256) forms.push_back({SignatureAlgorithm::PS256, record.kid + "-PS256"});
  return forms;
}

bj::object published(const model::SigningKey& record, const Form& form, bool publish_algorithm) {
  bj::object jwk = json::parse_object(record.public_jwk).value();
  jwk["kid"] = form.kid;
  jwk["alg"] = to_string(form.algorithm);
  if (!publish_algorithm) jwk.erase("alg");
  return jwk;
}

crypto::PrivateKey open(const model::SigningKey& record, const crypto::SecretBox& box) {
  const auto der = box.open(kSigningKeyPurpose, signing_key_place(record.tenant, record.kid), record.private_key.bytes);
  if (!der) throw std::runtime_error("a signing key was sealed with a master key that is not here");
  auto key = crypto::PrivateKey::from_pkcs8_der(*der);
  if (!key) throw std::runtime_error("a stored signing key is damaged");
  return std::move(*key);
}

}  // namespace

SigningKeySet::SigningKeySet(const std::vector<model::SigningKey>& records, const crypto::SecretBox& box,
                             bool publish_algorithm) {
  std::vector<jose::Jwk> keys;
  bj::array document;
  for (const model::SigningKey& record : records) {
    if (record.state == model::KeyState::revoked) continue;
    for (const Form& form : forms_of(record)) {
      document.push_back(published(record, form, publish_algorithm));
      auto key = jose::parse_jwk(published(record, form, true));
      if (!key) throw std::runtime_error("a stored signing key is damaged");
      keys.push_back(std::move(*key));
      if (record.state == model::KeyState::current) signers_.push_back({form.algorithm, form.kid, open(record, box)});
    }
  }
  public_keys_ = jose::KeySet(std::move(keys));
  jwks_ = bj::serialize(bj::object{{"keys", std::move(document)}});
}

std::string SigningKeySet::sign(SignatureAlgorithm algorithm, std::string_view typ, const bj::object& claims) const {
  for (const Signer& signer : signers_)
    if (signer.algorithm == algorithm) return jose::sign_jwt(signer.key, algorithm, signer.kid, typ, claims);
  throw std::logic_error("no current signing key for this algorithm");
}

std::string_view algorithm_of(KeyFamily family) {
  switch (family) {
    case KeyFamily::rsa:
      return "RS256";
    case KeyFamily::p256:
      return "ES256";
  }
  throw std::logic_error("KeyFamily outside its enumerators");
}

std::string signing_key_place(const TenantId& tenant, std::string_view kid) {
  return tenant.str() + "|" + std::string(kid);
}

model::SigningKey generate_signing_key(const TenantId& tenant, KeyFamily family, model::KeyState state, Instant now,
                                       const crypto::SecretBox& box, Random& random) {
  const auto key =
      crypto::PrivateKey::generate(family == KeyFamily::rsa ? crypto::KeyType::rsa : crypto::KeyType::ec_p256);
  const auto certificate = crypto::Certificate::self_signed(key, tenant.str(), {now, now + kCertificateLife}, random);
  model::SigningKey record;
  record.tenant = tenant;
  record.kid = random_token(random, kKidBytes);
  record.algorithm = algorithm_of(family);
  record.state = state;
  record.private_key.bytes =
      box.seal(kSigningKeyPurpose, signing_key_place(tenant, record.kid), key.pkcs8_der().reveal());
  record.certificate = certificate.pem();
  record.public_jwk = bj::serialize(jose::render_public_jwk(
      key.public_key(), record.kid, crypto::parse_signature_algorithm(record.algorithm), &certificate));
  record.created_at = now;
  if (state == model::KeyState::current) record.current_since = now;
  return record;
}

}  // namespace symbolon::oidc
