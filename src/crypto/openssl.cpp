#include "crypto/openssl.h"

#include <array>
#include <limits>
#include <stdexcept>

namespace symbolon::crypto {

void throw_openssl_error(std::string_view what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_peek_last_error(), reason.data(), reason.size());
  ERR_clear_error();
  throw std::runtime_error(std::string(what) + ": " + reason.data());
}

int no_password(char*, int, int, void*) { return -1; }

OwnedBio read_from(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw std::length_error("input too long");
  return OwnedBio(require(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "BIO_new_mem_buf"));
}

OwnedBio write_to_memory() { return OwnedBio(require(BIO_new(BIO_s_mem()), "BIO_new")); }

std::string written(BIO& memory) {
  char* start = nullptr;
  const long length = BIO_get_mem_data(&memory, &start);
  return length > 0 ? std::string(start, static_cast<std::size_t>(length)) : std::string();
}

}  // namespace symbolon::crypto
