#include "login_storm/signer.h"

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sys/stat.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <span>
#include <stdexcept>

#include "base/encoding.h"
#include "login_storm/tokens.h"

namespace symbolon::bench {
namespace {

constexpr std::size_t kCoordinate = 32;  // P-256, RFC 7518 §3.4

using Key = std::shared_ptr<void>;
using File = std::unique_ptr<FILE, int (*)(FILE*)>;

EVP_PKEY* raw(const Key& key) { return static_cast<EVP_PKEY*>(key.get()); }

Key own(EVP_PKEY* key) {
  if (key == nullptr) throw std::runtime_error("OpenSSL has no key");
  return {key, [](void* pointer) { EVP_PKEY_free(static_cast<EVP_PKEY*>(pointer)); }};
}

Key generate_key(SigningAlgorithm algorithm) {
  return own(algorithm == SigningAlgorithm::rs256 ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
}

bool fits(const Key& key, SigningAlgorithm algorithm) {
  return EVP_PKEY_is_a(raw(key), algorithm == SigningAlgorithm::rs256 ? "RSA" : "EC") == 1;
}

std::string number(const Key& key, const char* name) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(raw(key), name, &value) != 1) throw std::runtime_error("key lacks a number");
  const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> owner(value, BN_free);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

boost::json::object public_members(const Key& key, SigningAlgorithm algorithm) {
  if (algorithm == SigningAlgorithm::rs256)
    return {{"kty", "RSA"},
            {"n", base64url_encode(number(key, OSSL_PKEY_PARAM_RSA_N))},
            {"e", base64url_encode(number(key, OSSL_PKEY_PARAM_RSA_E))}};
  std::array<unsigned char, 1 + 2 * kCoordinate> point{};
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(raw(key), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) != 1 ||
      size != point.size())
    throw std::runtime_error("not an uncompressed P-256 point");
  const std::string_view bytes(reinterpret_cast<const char*>(point.data()), size);
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"x", base64url_encode(bytes.substr(1, kCoordinate))},
          {"y", base64url_encode(bytes.substr(1 + kCoordinate))}};
}

/// OpenSSL's DER sequence of two integers as the two numbers side by side (RFC 7518 §3.4).
std::string side_by_side(std::span<const unsigned char> der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> parts(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  if (!parts) throw std::runtime_error("unreadable ECDSA signature");
  std::string out(2 * kCoordinate, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), bytes, kCoordinate);
  BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), bytes + kCoordinate, kCoordinate);
  return out;
}

}  // namespace

std::string_view jose_name(SigningAlgorithm algorithm) {
  switch (algorithm) {
    case SigningAlgorithm::rs256:
      return "RS256";
    case SigningAlgorithm::es256:
      return "ES256";
  }
  throw std::logic_error("SigningAlgorithm outside its enumerators");
}

Signer::Signer(SigningAlgorithm algorithm, std::shared_ptr<void> key) : algorithm_(algorithm), key_(std::move(key)) {
  key_id_ = base64url_encode(sha256(boost::json::serialize(public_members(key_, algorithm_)))).substr(0, 16);
  const boost::json::object header{
      {"alg", boost::json::string_view(jose_name(algorithm_))}, {"kid", key_id_}, {"typ", "JWT"}};
  header_ = base64url_encode(boost::json::serialize(header)) + ".";
}

Signer Signer::generate(SigningAlgorithm algorithm) { return {algorithm, generate_key(algorithm)}; }

Signer Signer::load_or_create(SigningAlgorithm algorithm, const std::filesystem::path& file) {
  if (const File in{std::fopen(file.c_str(), "r"), std::fclose}) {
    Key key = own(PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    if (!fits(key, algorithm))
      throw std::runtime_error(file.string() + " holds no key for " + std::string(jose_name(algorithm)));
    return {algorithm, std::move(key)};
  }
  Key key = generate_key(algorithm);
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  const File out{descriptor < 0 ? nullptr : fdopen(descriptor, "w"), std::fclose};
  if (!out || PEM_write_PrivateKey(out.get(), raw(key), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::runtime_error("cannot write " + file.string());
  return {algorithm, std::move(key)};
}

std::string Signer::sign(std::string_view payload) const {
  std::string jws = header_ + base64url_encode(payload);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, 512> signature;
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, raw(key_)) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, reinterpret_cast<const unsigned char*>(jws.data()),
                     jws.size()) != 1)
    throw std::runtime_error("signing failed");
  const std::span<const unsigned char> bytes(signature.data(), size);
  const std::string_view plain(reinterpret_cast<const char*>(bytes.data()), size);
  jws.push_back('.');
  return jws.append(base64url_encode(algorithm_ == SigningAlgorithm::es256 ? side_by_side(bytes) : std::string(plain)));
}

boost::json::object Signer::jwks() const {
  boost::json::object key = public_members(key_, algorithm_);
  key["use"] = "sig";
  key["alg"] = boost::json::string_view(jose_name(algorithm_));
  key["kid"] = key_id_;
  return {{"keys", boost::json::array{std::move(key)}}};
}

}  // namespace symbolon::bench
