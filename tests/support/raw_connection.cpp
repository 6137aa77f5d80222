#include "support/raw_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "base/text.h"

namespace symbolon {
namespace {

void trust(SSL_CTX* context, const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> ca(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                       X509_free);
  if (!ca || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) != 1)
    throw std::runtime_error("no CA certificate");
}

}  // namespace

RawConnection::RawConnection(std::uint16_t port) { connect(port); }

RawConnection::RawConnection(std::uint16_t port, const RawTls& tls) {
  connect(port);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  // Debian's default forbids what a test of old versions wants to offer.
  if (tls.newest_version != 0) SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0");
  if (tls.newest_version != 0) SSL_CTX_set_min_proto_version(context.get(), 0);
  SSL_CTX_set_max_proto_version(context.get(), tls.newest_version);
  trust(context.get(), tls.ca_pem);
  tls_ = SSL_new(context.get());
  static constexpr unsigned char kProtocols[] = "\x02h2\x08http/1.1";
  SSL_set_alpn_protos(tls_, kProtocols, sizeof kProtocols - 1);
  SSL_set_tlsext_host_name(tls_, tls.host.c_str());
  SSL_set1_host(tls_, tls.host.c_str());
  if (tls.session != nullptr) SSL_set_session(tls_, tls.session);
  SSL_set_fd(tls_, socket_);
  if (SSL_connect(tls_) == 1) return;
  SSL_free(tls_);
  ::close(socket_);
  ERR_clear_error();
  throw std::runtime_error("TLS handshake failed");
}

RawConnection::~RawConnection() {
  if (tls_ != nullptr) {
    SSL_shutdown(tls_);  // OpenSSL resumes no session whose connection broke off
    SSL_free(tls_);
  }
  ::close(socket_);
}

void RawConnection::connect(std::uint16_t port) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  ::close(socket_);
  throw std::runtime_error("cannot connect");
}

void RawConnection::send(std::string_view bytes) {
  if (!try_send(bytes)) throw std::runtime_error("the other side takes no more bytes");
}

bool RawConnection::try_send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawConnection::finish_sending() { ::shutdown(socket_, SHUT_WR); }

// Zero at the end.
std::size_t RawConnection::receive() {
  char bytes[16384];
  const auto got = tls_ != nullptr ? SSL_read(tls_, bytes, sizeof bytes) : ::recv(socket_, bytes, sizeof bytes, 0);
  if (got < 0 && tls_ == nullptr && (errno == EAGAIN || errno == EWOULDBLOCK))
    throw std::runtime_error("nothing came for ten seconds");
  if (got <= 0) return 0;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return static_cast<std::size_t>(got);
}

RawResponse RawConnection::read_response(bool head_only) {
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (receive() == 0) throw std::runtime_error("closed before a response; it had sent: " + buffer_);

  RawResponse response;
  const std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  for (const std::string& line : split_words(head, "\r\n")) {
    if (response.status_line.empty()) {
      response.status_line = line;
      response.status = std::atoi(line.substr(9, 3).c_str());
      continue;
    }
    const auto colon = line.find(':');
    response.headers.add(line.substr(0, colon), std::string(trim(line.substr(colon + 1))));
  }
  const auto length = static_cast<std::size_t>(std::atoll(std::string(response.headers.get("Content-Length")).c_str()));
  if (head_only) return response;
  while (buffer_.size() < length)
    if (receive() == 0) throw std::runtime_error("closed within a body");
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

std::string RawConnection::read_to_end() {
  while (receive() > 0) continue;
  return std::exchange(buffer_, {});
}

bool RawConnection::is_readable_within(std::chrono::milliseconds limit) {
  pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace symbolon
