#include "jose/pkce.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/equal.h"

namespace symbolon::jose {
namespace {

bool is_alphanumeric(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}
bool is_unreserved(char letter) {
  return is_alphanumeric(letter) || letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

}  // namespace

std::string code_challenge(std::string_view verifier) { return base64url_encode(crypto::sha256(verifier)); }

bool is_code_verifier(std::string_view text) {
  return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, is_unreserved);
}

bool is_code_challenge(std::string_view text) { return text.size() == 43 && base64url_decode(text).has_value(); }

bool matches_challenge(std::string_view challenge, std::string_view verifier) {
  return is_code_verifier(verifier) && crypto::constant_time_equal(challenge, code_challenge(verifier));
}

}  // namespace symbolon::jose
