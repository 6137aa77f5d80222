#include "login_storm/signer.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <memory>
#include <vector>

#include "base/encoding.h"
#include "support/temporary_folder.h"

namespace symbolon::bench {
namespace {

using KeyPointer = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

KeyPointer read_key(const std::filesystem::path& file) {
  FILE* in = std::fopen(file.c_str(), "r");
  KeyPointer key(PEM_read_PrivateKey(in, nullptr, nullptr, nullptr), EVP_PKEY_free);
  std::fclose(in);
  return key;
}

std::vector<unsigned char> as_der(const std::string& signature) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> parts(ECDSA_SIG_new(), ECDSA_SIG_free);
  ECDSA_SIG_set0(parts.get(), BN_bin2bn(bytes, 32, nullptr), BN_bin2bn(bytes + 32, 32, nullptr));
  std::vector<unsigned char> der(static_cast<std::size_t>(i2d_ECDSA_SIG(parts.get(), nullptr)));
  unsigned char* out = der.data();
  i2d_ECDSA_SIG(parts.get(), &out);
  return der;
}

bool verifies(EVP_PKEY* key, const std::string& jws, bool elliptic) {
  const std::size_t dot = jws.rfind('.');
  const std::string signature = base64url_decode(jws.substr(dot + 1)).value_or("");
  std::vector<unsigned char> bytes(signature.begin(), signature.end());
  if (elliptic) bytes = as_der(signature);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes.data(), bytes.size(), reinterpret_cast<const unsigned char*>(jws.data()),
                          dot) == 1;
}

class SignerTest : public ::testing::TestWithParam<SigningAlgorithm> {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "key.pem";
};

TEST_P(SignerTest, SignsWhatItsPublicKeyVerifies) {
  const Signer signer = Signer::load_or_create(GetParam(), file_);
  const KeyPointer key = read_key(file_);
  const bool elliptic = GetParam() == SigningAlgorithm::es256;
  std::string jws = signer.sign(R"({"sub":"x"})");
  EXPECT_TRUE(verifies(key.get(), jws, elliptic));
  jws[jws.find('.') + 1] ^= 1;
  EXPECT_FALSE(verifies(key.get(), jws, elliptic));

  const auto header = boost::json::parse(*base64url_decode(jws.substr(0, jws.find('.'))));
  EXPECT_EQ(header.at("alg").as_string(), jose_name(GetParam()));
  EXPECT_EQ(header.at("kid"), signer.jwks().at("keys").at(0).at("kid"));
}

TEST_P(SignerTest, KeepsItsKeyInTheFile) {
  const Signer first = Signer::load_or_create(GetParam(), file_);
  const Signer second = Signer::load_or_create(GetParam(), file_);
  EXPECT_EQ(first.jwks(), second.jwks());
  struct stat status{};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_P(SignerTest, PublishesNoPrivateMember) {
  const boost::json::object jwks = Signer::generate(GetParam()).jwks();
  const auto& key = jwks.at("keys").at(0).as_object();
  for (const char* member : {"d", "p", "q", "dp", "dq", "qi"}) EXPECT_FALSE(key.contains(member)) << member;
}

TEST_P(SignerTest, RefusesAKeyOfTheOtherKind) {
  const bool rsa = GetParam() == SigningAlgorithm::rs256;
  Signer::load_or_create(rsa ? SigningAlgorithm::es256 : SigningAlgorithm::rs256, file_);
  EXPECT_THROW(Signer::load_or_create(GetParam(), file_), std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(Algorithms, SignerTest, ::testing::Values(SigningAlgorithm::rs256, SigningAlgorithm::es256));

}  // namespace
}  // namespace symbolon::bench
