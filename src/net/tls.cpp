#include "net/tls.h"

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <fstream>
#include <iterator>

namespace symbolon::net {
namespace {

namespace ssl = boost::asio::ssl;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file || text.empty()) throw TlsError("cannot read " + path.string() + ": no such file, empty, or not permitted");
  return text;
}

int choose_http_1_1(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_length, kOurs, sizeof kOurs - 1, offered, offered_length);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TlsIdentity read_tls_identity(const std::filesystem::path& chain, const std::filesystem::path& key) {
  return {.chain_pem = read_file(chain), .key_pem = read_file(key)};
}

std::shared_ptr<ssl::context> server_tls(const TlsIdentity& identity) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->use_certificate_chain(boost::asio::buffer(identity.chain_pem), error);
  if (error) throw TlsError("the TLS certificate is not a PEM certificate chain: " + error.message());
  context->use_private_key(boost::asio::buffer(identity.key_pem), ssl::context::pem, error);
  if (error) throw TlsError("the TLS key is not a PEM private key of the certificate: " + error.message());

  SSL_CTX* native = context->native_handle();
  if (SSL_CTX_check_private_key(native) != 1) throw TlsError("the TLS key is not the certificate's");
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection then holds no record buffers.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(native, choose_http_1_1, nullptr);
  return context;
}

}  // namespace symbolon::net
