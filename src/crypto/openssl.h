#pragma once

// For the files of crypto/ only: no other folder, and no header that another folder includes, may include OpenSSL.

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace symbolon::crypto {

template <auto Free>
struct Release {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Release<Free>>;

using OwnedBignum = Owned<BIGNUM, BN_free>;
using OwnedBio = Owned<BIO, BIO_free_all>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedKeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedX509 = Owned<X509, X509_free>;

/// Forgets what OpenSSL queues on this thread while it lives. A left-over entry would make the next TLS read on the
/// same thread look failed, because SSL_get_error() consults the queue.
class ErrorScope {
 public:
  ErrorScope() noexcept { ERR_set_mark(); }
  ~ErrorScope() { ERR_pop_to_mark(); }
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
};

/// Throws std::runtime_error: `what` and the newest queued reason.
[[noreturn]] void throw_openssl_error(std::string_view what);

/// `object`, or an exception that names `what` when it is null.
template <class T>
T* require(T* object, std::string_view what) {
  if (object == nullptr) throw_openssl_error(what);
  return object;
}

/// OpenSSL's functions answer 1 for success and 0 or less for failure.
inline void require_success(int result, std::string_view what) {
  if (result <= 0) throw_openssl_error(what);
}

inline const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// Declines where OpenSSL would otherwise ask the terminal for the password of an encrypted PEM block.
int no_password(char* buffer, int size, int writing, void* user);

/// A BIO that reads `text`, which must outlive it.
OwnedBio read_from(std::string_view text);
OwnedBio write_to_memory();
std::string written(BIO& memory);

}  // namespace symbolon::crypto
