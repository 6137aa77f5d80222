#include "net/trust_store.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "support/temporary_folder.h"
#include "support/test_identity.h"
#include "support/test_server.h"

namespace symbolon::net {
namespace {

Task<http::Response> hello(http::Request) { co_return http::json_response(200, "{}"); }

/// An https server and the authority that vouches for it.
struct Trusted {
  TestIdentity made = TestIdentity::make({"127.0.0.1"});
  TestServer server{hello, TestServer::with_tls(made.identity)};
};

CURLcode fetch(const TrustStore& store, const Trusted& from, const std::string& additional_pem) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(easy.get(), CURLOPT_URL, from.server.url("/", "https").c_str());
  curl_easy_setopt(easy.get(), CURLOPT_NOBODY, 1L);
  store.apply(easy.get(), additional_pem);
  return curl_easy_perform(easy.get());
}

/// Each store trusts `system` by itself and `additional` only when that is handed over.
void expect_both(const TrustStore& store, const Trusted& system, const Trusted& additional) {
  EXPECT_EQ(fetch(store, system, ""), CURLE_OK);
  EXPECT_EQ(fetch(store, additional, ""), CURLE_PEER_FAILED_VERIFICATION);
  EXPECT_EQ(fetch(store, additional, additional.made.ca_pem), CURLE_OK);
  EXPECT_EQ(fetch(store, system, additional.made.ca_pem), CURLE_OK);
}

/// The file name that OpenSSL looks for in a hashed directory.
std::string hashed_name(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                                X509_free);
  char name[16];
  std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(certificate.get()));
  return name;
}

TEST(TrustStore, TakesABundleWhereNoDirectoryIsHashed) {
  const Trusted system, additional;
  const TemporaryFolder folder;
  std::ofstream(folder / "bundle.pem") << system.made.ca_pem;
  expect_both(TrustStore(folder.path(), folder / "bundle.pem"), system, additional);
  expect_both(TrustStore("", folder / "bundle.pem"), system, additional);
}

TEST(TrustStore, TakesAHashedDirectoryBeforeTheBundle) {
  const Trusted system, additional;
  const TemporaryFolder folder;
  std::ofstream(folder / hashed_name(system.made.ca_pem)) << system.made.ca_pem;
  std::ofstream(folder / "bundle.pem") << additional.made.ca_pem;
  expect_both(TrustStore(folder.path(), folder / "bundle.pem"), system, additional);
}

TEST(TrustStore, WithoutAuthoritiesTrustsTheAdditionalOnly) {
  const Trusted one, other;
  const TrustStore none("", "");
  EXPECT_NE(fetch(none, one, ""), CURLE_OK);
  EXPECT_EQ(fetch(none, one, one.made.ca_pem), CURLE_OK);
  EXPECT_EQ(fetch(none, other, one.made.ca_pem), CURLE_PEER_FAILED_VERIFICATION);
}

}  // namespace
}  // namespace symbolon::net
