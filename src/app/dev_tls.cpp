#include "app/dev_tls.h"

#include "app/private_file.h"
#include "base/encoding.h"
#include "crypto/certificate.h"
#include "crypto/key.h"

namespace symbolon::app {
namespace {

constexpr std::chrono::days kAuthorityLifetime{3650};
constexpr std::chrono::days kServerLifetime{397};  // browsers refuse longer ones

std::string pem_body(std::string_view pem) {
  std::string body;
  for (std::size_t at = 0; at < pem.size();) {
    const auto end = std::min(pem.find('\n', at), pem.size());
    const auto line = pem.substr(at, end - at);
    if (!line.starts_with("-----")) body += line;
    at = end + 1;
  }
  return body;
}

struct Authority {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

Authority make_authority(const std::filesystem::path& file, const std::filesystem::path& key_file, const Clock& clock,
                         Random& random) {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
  const Instant now = clock.now();
  auto certificate = crypto::Certificate::authority(
      key, "Symbolon development authority", {now - std::chrono::hours(1), now + kAuthorityLifetime}, random);
  write_private_file(key_file, key.pkcs8_pem().reveal());
  write_private_file(file, certificate.pem());
  return {std::move(key), std::move(certificate)};
}

Authority load_authority(const std::filesystem::path& file, const std::filesystem::path& key_file) {
  const auto key_der = base64_decode(pem_body(read_file(key_file)));
  const auto certificate_der = base64_decode(pem_body(read_file(file)));
  auto key = crypto::PrivateKey::from_pkcs8_der(key_der.value_or(""));
  if (!key || !certificate_der)
    throw std::runtime_error("the development authority cannot be read; delete " + file.string() + " and " +
                             key_file.string() + " to make a new one");
  return {std::move(*key), crypto::Certificate::from_der(*certificate_der)};
}

}  // namespace

net::TlsIdentity development_identity(const std::filesystem::path& data_dir, const std::string& host,
                                      const Clock& clock, Random& random) {
  const auto file = data_dir / "dev-ca.pem";
  const auto key_file = data_dir / "dev-ca-key.pem";
  const bool known = std::filesystem::exists(file) && std::filesystem::exists(key_file);
  const Authority authority =
      known ? load_authority(file, key_file) : make_authority(file, key_file, clock, random);

  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
  if (!host.empty() && host != "localhost") hosts.insert(hosts.begin(), host);
  const Instant now = clock.now();
  const auto certificate =
      crypto::Certificate::server(key.public_key(), hosts, {now - std::chrono::hours(1), now + kServerLifetime},
                                  authority.certificate, authority.key, random);
  return {certificate.pem() + authority.certificate.pem(), key.pkcs8_pem().reveal()};
}

}  // namespace symbolon::app
