#include "crypto/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

#include "support/counter_random.h"

namespace symbolon::crypto {
namespace {

using testing::StartsWith;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

const Validity kValidity{from_epoch_seconds(1'700'000'000), from_epoch_seconds(2'000'000'000)};

X509Ptr parse(const Certificate& certificate) {
  const auto* at = reinterpret_cast<const unsigned char*>(certificate.der().data());
  return {d2i_X509(nullptr, &at, static_cast<long>(certificate.der().size())), X509_free};
}

std::string common_name(X509* certificate) {
  char text[200] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text, sizeof text);
  return text;
}

std::string certificate_time(const ASN1_TIME* time) {
  tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%FT%TZ", &parts);
  return text;
}

// What a TLS client does: builds the chain and checks name, purpose and time.
bool is_trusted(const Certificate& server, const Certificate& authority, const std::string& host, std::int64_t at) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), X509_STORE_free);
  const X509Ptr root = parse(authority), leaf = parse(server);
  X509_STORE_add_cert(store.get(), root.get());
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(X509_STORE_CTX_new(),
                                                                                X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_time(rules, at);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
  if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1)
    X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size());
  return X509_verify_cert(context.get()) == 1;
}

TEST(Certificate, IsSelfSignedForAnyKey) {
  for (const KeyType type : {KeyType::rsa, KeyType::ec_p256, KeyType::ed25519}) {
    SCOPED_TRACE(to_string(type));
    CounterRandom random;
    const PrivateKey key = PrivateKey::generate(type);
    const Certificate made = Certificate::self_signed(key, "login.example.com", kValidity, random);
    const X509Ptr parsed = parse(made);
    EXPECT_EQ(X509_verify(parsed.get(), X509_get0_pubkey(parsed.get())), 1);
    EXPECT_EQ(common_name(parsed.get()), "login.example.com");
    EXPECT_EQ(certificate_time(X509_get0_notBefore(parsed.get())), "2023-11-14T22:13:20Z");
    EXPECT_EQ(certificate_time(X509_get0_notAfter(parsed.get())), "2033-05-18T03:33:20Z");
    EXPECT_EQ(PublicKey::from_pem(made.pem()).value().spki_der(), key.public_key().spki_der());
    EXPECT_EQ(made.sha1_fingerprint().size(), 20U);
    EXPECT_EQ(made.sha256_fingerprint(), sha256(made.der()));
    EXPECT_EQ(Certificate::from_der(made.der()).pem(), made.pem());
    EXPECT_EQ(Certificate::from_pem(made.pem()).der(), made.der());
  }
}

TEST(Certificate, LivesLongerThanTwoDigitYears) {
  CounterRandom random;
  const Validity century{from_epoch_seconds(0), from_epoch_seconds(4'102'444'800)};
  const auto parsed = parse(Certificate::self_signed(PrivateKey::generate(KeyType::ec_p256), "x", century, random));
  EXPECT_EQ(certificate_time(X509_get0_notAfter(parsed.get())), "2100-01-01T00:00:00Z");
}

TEST(Certificate, SaysWhoseItIsAndForHowLong) {
  CounterRandom random;
  const auto made =
      Certificate::self_signed(PrivateKey::generate(KeyType::ec_p256), "app.example.com", kValidity, random);
  EXPECT_EQ(made.expires_at(), kValidity.until);
  EXPECT_EQ(made.subject(), "/CN=app.example.com");
}

TEST(Certificate, CutsLongNamesAndTamesStrangeOnes) {
  CounterRandom random;
  const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  EXPECT_EQ(common_name(parse(Certificate::self_signed(key, std::string(100, 'a'), kValidity, random)).get()),
            std::string(64, 'a'));
  EXPECT_EQ(common_name(parse(Certificate::self_signed(key, "a\nb/CN=c", kValidity, random)).get()), "a b/CN=c");
}

TEST(Certificate, HasAPositiveSerialOfItsOwn) {
  CounterRandom random(0x80);
  const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  const X509Ptr first = parse(Certificate::self_signed(key, "x", kValidity, random));
  const X509Ptr second = parse(Certificate::self_signed(key, "x", kValidity, random));
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(first.get()), X509_get0_serialNumber(second.get())), 0);
  EXPECT_EQ(ASN1_STRING_type(X509_get0_serialNumber(first.get())), V_ASN1_INTEGER);
}

struct Issued {
  CounterRandom random;
  PrivateKey authority_key = PrivateKey::generate(KeyType::ec_p256);
  PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  Certificate authority = Certificate::authority(authority_key, "Symbolon development", kValidity, random);
  Certificate server = Certificate::server(key.public_key(), {"localhost", "*.app.test", "127.0.0.1", "::1"}, kValidity,
                                           authority, authority_key, random);
};

TEST(ServerCertificate, IsTrustedForItsHostsOnly) {
  const Issued t;
  for (const char* host : {"localhost", "demo.app.test", "127.0.0.1", "::1"})
    EXPECT_TRUE(is_trusted(t.server, t.authority, host, 1'800'000'000)) << host;
  for (const char* host : {"example.com", "app.test", "127.0.0.2", "::2"})
    EXPECT_FALSE(is_trusted(t.server, t.authority, host, 1'800'000'000)) << host;
  EXPECT_FALSE(is_trusted(t.server, t.authority, "localhost", 2'000'000'001));
  EXPECT_FALSE(is_trusted(t.server, t.authority, "localhost", 1'699'999'999));
}

TEST(ServerCertificate, IsNotTrustedByAnotherAuthority) {
  const Issued t;
  const Issued other;
  EXPECT_FALSE(is_trusted(t.server, other.authority, "localhost", 1'800'000'000));
}

TEST(ServerCertificate, CannotIssueItself) {
  Issued t;
  const PrivateKey third = PrivateKey::generate(KeyType::ec_p256);
  const Certificate forged =
      Certificate::server(third.public_key(), {"localhost"}, kValidity, t.server, t.key, t.random);
  EXPECT_FALSE(is_trusted(forged, t.server, "localhost", 1'800'000'000));
}

TEST(ServerCertificate, RefusesWhatIsNoHost) {
  Issued t;
  for (const std::vector<std::string>& hosts :
       {std::vector<std::string>{}, {""}, {"a,DNS:evil.example"}, {"localhost", "a b"}, {"a/b"}, {"a\n"}}) {
    EXPECT_THROW(Certificate::server(t.key.public_key(), hosts, kValidity, t.authority, t.authority_key, t.random),
                 std::invalid_argument);
  }
}

TEST(Certificate, GoesIntoAPkcs7Envelope) {
  CounterRandom random;
  const Certificate made = Certificate::self_signed(PrivateKey::generate(KeyType::rsa), "x", kValidity, random);
  const std::string pem = made.pkcs7_pem();
  EXPECT_THAT(pem, StartsWith("-----BEGIN PKCS7-----\n"));
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                     BIO_free);
  const std::unique_ptr<PKCS7, decltype(&PKCS7_free)> envelope(PEM_read_bio_PKCS7(in.get(), nullptr, nullptr, nullptr),
                                                               PKCS7_free);
  ASSERT_TRUE(envelope);
  ASSERT_TRUE(PKCS7_type_is_signed(envelope.get()));
  const STACK_OF(X509)* const held = envelope->d.sign->cert;
  ASSERT_EQ(sk_X509_num(held), 1);
  EXPECT_EQ(X509_cmp(sk_X509_value(held, 0), parse(made).get()), 0);
}

TEST(Certificate, RefusesForeignBytes) {
  EXPECT_THROW(Certificate::from_der("garbage"), std::invalid_argument);
  EXPECT_THROW(Certificate::from_pem("garbage"), std::invalid_argument);
  CounterRandom random;
  const std::string der =
      Certificate::self_signed(PrivateKey::generate(KeyType::ec_p256), "x", kValidity, random).der();
  EXPECT_THROW(Certificate::from_der(der + "x"), std::invalid_argument);
}

}  // namespace
}  // namespace symbolon::crypto
