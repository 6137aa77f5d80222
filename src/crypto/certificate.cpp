#include "crypto/certificate.h"

#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <memory>
#include <stdexcept>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/fetched.h"
#include "crypto/key_handle.h"

namespace symbolon::crypto {
namespace {

using OwnedName = Owned<X509_NAME, X509_NAME_free>;
using OwnedExtension = Owned<X509_EXTENSION, X509_EXTENSION_free>;
using OwnedText = std::unique_ptr<char, decltype([](char* text) { OPENSSL_free(text); })>;
using OwnedPkcs7 = Owned<PKCS7, PKCS7_free>;
using OwnedAddress = Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;

constexpr std::size_t kMaxCommonName = 64;  // ub-common-name (RFC 5280 appendix A.1)

void set_time(ASN1_TIME* time, Instant at) {
  require(ASN1_TIME_set(time, static_cast<std::time_t>(to_epoch_seconds(at))), "ASN1_TIME_set");
}

void set_serial(X509& certificate, Random& random) {
  std::array<std::uint8_t, 16> bytes;
  random.fill(bytes);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7f) | 0x40);  // positive and never zero
  const OwnedBignum number(require(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), "BN_bin2bn"));
  require(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)), "BN_to_ASN1_INTEGER");
}

OwnedName name_of(std::string_view common_name) {
  const std::string text = printable(common_name, kMaxCommonName);
  OwnedName name(require(X509_NAME_new(), "X509_NAME_new"));
  require_success(
      X509_NAME_add_entry_by_txt(name.get(), "CN", MBSTRING_UTF8, octets(text), static_cast<int>(text.size()), -1, 0),
      "X509_NAME_add_entry");
  return name;
}

// `issuer` is the certificate itself where it is self-signed.
void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const OwnedExtension extension(
      require(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), "X509V3_EXT_conf"));
  require_success(X509_add_ext(&certificate, extension.get(), -1), "X509_add_ext");
}

OwnedX509 unsigned_certificate(EVP_PKEY* key, const X509_NAME* subject, const X509_NAME* issuer, Validity validity,
                               Random& random) {
  OwnedX509 certificate(require(X509_new(), "X509_new"));
  require_success(X509_set_version(certificate.get(), X509_VERSION_3), "X509_set_version");
  set_serial(*certificate, random);
  set_time(X509_getm_notBefore(certificate.get()), validity.from);
  set_time(X509_getm_notAfter(certificate.get()), validity.until);
  require_success(X509_set_subject_name(certificate.get(), subject), "X509_set_subject_name");
  require_success(X509_set_issuer_name(certificate.get(), issuer), "X509_set_issuer_name");
  require_success(X509_set_pubkey(certificate.get(), key), "X509_set_pubkey");
  return certificate;
}

std::string encoded(X509& certificate) {
  const int length = i2d_X509(&certificate, nullptr);
  require_success(length, "i2d_X509");
  std::string der(static_cast<std::size_t>(length), '\0');
  unsigned char* end = octets(der);
  require_success(i2d_X509(&certificate, &end), "i2d_X509");
  return der;
}

std::string signed_der(X509& certificate, const KeyHandle& key) {
  const EVP_MD* const hash = key.type() == KeyType::ed25519 ? nullptr : fetched(Hash::sha256);
  require_success(X509_sign(&certificate, key.get(), hash), "X509_sign");
  return encoded(certificate);
}

OwnedX509 parse(std::string_view der) {
  const ErrorScope scope;
  const unsigned char* end = octets(der);
  OwnedX509 certificate(d2i_X509(nullptr, &end, static_cast<long>(der.size())));
  if (!certificate || end != octets(der) + der.size()) throw std::invalid_argument("not an X.509 certificate");
  return certificate;
}

bool is_address(const std::string& host) {
  const ErrorScope scope;
  return OwnedAddress(a2i_IPADDRESS(host.c_str())) != nullptr;
}

// The value is OpenSSL configuration syntax, where a comma would start another name.
std::string alternative_names(const std::vector<std::string>& hosts) {
  static constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:*_";
  if (hosts.empty()) throw std::invalid_argument("a server certificate needs a host name");
  std::string list;
  for (const std::string& host : hosts) {
    if (host.empty() || host.find_first_not_of(kAllowed) != std::string::npos)
      throw std::invalid_argument("not a host name: " + printable(host, 100));
    if (!list.empty()) list += ',';
    list += (is_address(host) ? "IP:" : "DNS:") + host;
  }
  return list;
}

}  // namespace

Certificate Certificate::self_signed(const PrivateKey& key, std::string_view common_name, Validity validity,
                                     Random& random) {
  const OwnedName name = name_of(common_name);
  const OwnedX509 made = unsigned_certificate(key.handle_->get(), name.get(), name.get(), validity, random);
  return Certificate(signed_der(*made, *key.handle_));
}

Certificate Certificate::authority(const PrivateKey& key, std::string_view common_name, Validity validity,
                                   Random& random) {
  const OwnedName name = name_of(common_name);
  const OwnedX509 made = unsigned_certificate(key.handle_->get(), name.get(), name.get(), validity, random);
  add_extension(*made, *made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*made, *made, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(*made, *made, NID_subject_key_identifier, "hash");
  return Certificate(signed_der(*made, *key.handle_));
}

Certificate Certificate::server(const PublicKey& key, const std::vector<std::string>& hosts, Validity validity,
                                const Certificate& issuer, const PrivateKey& issuer_key, Random& random) {
  const std::string names = alternative_names(hosts);
  const OwnedX509 parent = parse(issuer.der_);
  const OwnedX509 made = unsigned_certificate(key.handle_->get(), name_of(hosts.front()).get(),
                                              X509_get_subject_name(parent.get()), validity, random);
  add_extension(*made, *parent, NID_basic_constraints, "critical,CA:FALSE");
  // An RSA key may also be used for key exchange, an elliptic one cannot.
  add_extension(*made, *parent, NID_key_usage,
                key.type() == KeyType::rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature");
  add_extension(*made, *parent, NID_ext_key_usage, "serverAuth");
  add_extension(*made, *parent, NID_subject_key_identifier, "hash");
  add_extension(*made, *parent, NID_authority_key_identifier, "keyid:always");
  add_extension(*made, *parent, NID_subject_alt_name, names);
  return Certificate(signed_der(*made, *issuer_key.handle_));
}

Certificate Certificate::from_der(std::string der) {
  parse(der);
  return Certificate(std::move(der));
}

Certificate Certificate::from_pem(std::string_view pem) {
  const ErrorScope scope;
  const OwnedX509 certificate(PEM_read_bio_X509(read_from(pem).get(), nullptr, no_password, nullptr));
  if (!certificate) throw std::invalid_argument("not an X.509 certificate in PEM");
  return Certificate(encoded(*certificate));
}

std::string Certificate::pem() const {
  const OwnedBio out = write_to_memory();
  require_success(PEM_write_bio_X509(out.get(), parse(der_).get()), "PEM_write_bio_X509");
  return written(*out);
}

std::string Certificate::pkcs7_pem() const {
  const OwnedPkcs7 envelope(require(PKCS7_new(), "PKCS7_new"));
  require_success(PKCS7_set_type(envelope.get(), NID_pkcs7_signed), "PKCS7_set_type");
  require_success(PKCS7_content_new(envelope.get(), NID_pkcs7_data), "PKCS7_content_new");
  // A detached, empty content: the envelope carries the certificate only.
  PKCS7_set_detached(envelope.get(), 1);
  require_success(PKCS7_add_certificate(envelope.get(), parse(der_).get()), "PKCS7_add_certificate");
  const OwnedBio out = write_to_memory();
  require_success(PEM_write_bio_PKCS7(out.get(), envelope.get()), "PEM_write_bio_PKCS7");
  return written(*out);
}

Instant Certificate::expires_at() const {
  const OwnedX509 certificate = parse(der_);
  std::tm time{};
  require_success(ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &time), "ASN1_TIME_to_tm");
  return from_epoch_seconds(static_cast<std::int64_t>(timegm(&time)));
}

std::string Certificate::subject() const {
  const OwnedX509 certificate = parse(der_);
  const OwnedText line(
      require(X509_NAME_oneline(X509_get_subject_name(certificate.get()), nullptr, 0), "X509_NAME_oneline"));
  return line.get();
}

std::string Certificate::sha1_fingerprint() const { return sha1(der_); }
std::string Certificate::sha256_fingerprint() const { return sha256(der_); }

}  // namespace symbolon::crypto
