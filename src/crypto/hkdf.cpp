#include "crypto/hkdf.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "crypto/hmac.h"

namespace symbolon::crypto {
namespace {

std::string_view view(const Mac256& mac) { return {reinterpret_cast<const char*>(mac.data()), mac.size()}; }

}  // namespace

void hkdf_sha256(std::string_view key, std::string_view salt, std::initializer_list<std::string_view> label,
                 std::span<std::uint8_t> out) {
  static constexpr std::size_t kBlock = Mac256().size();
  static constexpr char kNoSalt[kBlock] = {};
  if (out.size() > 255 * kBlock) throw std::invalid_argument("HKDF output too long");

  Mac256 extracted = hmac_sha256_of(salt.empty() ? std::string_view(kNoSalt, kBlock) : salt, {key});
  std::string joined_label;
  for (const std::string_view part : label) joined_label += part;

  Mac256 block;
  std::string_view previous;
  for (char counter = 1; !out.empty(); ++counter) {
    block = hmac_sha256_of(view(extracted), {previous, joined_label, std::string_view(&counter, 1)});
    const std::size_t taken = std::min(kBlock, out.size());
    std::copy_n(block.begin(), taken, out.begin());
    out = out.subspan(taken);
    previous = view(block);
  }
  OPENSSL_cleanse(extracted.data(), extracted.size());
  OPENSSL_cleanse(block.data(), block.size());
}

}  // namespace symbolon::crypto
