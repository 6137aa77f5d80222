#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace symbolon::net {

/// A certificate chain (the server's own first) and its private key, both PEM.
struct TlsIdentity {
  std::string chain_pem;
  std::string key_pem;
};

/// What is wrong with a certificate or key, in a sentence for the operator.
class TlsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads both files; throws TlsError that names the file.
TlsIdentity read_tls_identity(const std::filesystem::path& chain, const std::filesystem::path& key);

/// For a listener: TLS 1.2 or newer, ALPN `http/1.1`, session tickets, no renegotiation. May be shared by threads.
/// Throws TlsError when the PEM cannot be read or the key is not the certificate's.
std::shared_ptr<boost::asio::ssl::context> server_tls(const TlsIdentity& identity);

}  // namespace symbolon::net
