#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "crypto/signature_algorithm.h"

namespace symbolon::jose {

/// The algorithms that a verifier's configuration allows. Never filled from a token.
class AlgorithmSet {
 public:
  constexpr AlgorithmSet() = default;
  constexpr AlgorithmSet(std::initializer_list<crypto::SignatureAlgorithm> algorithms) {
    for (const auto algorithm : algorithms) insert(algorithm);
  }

  /// Names that we do not know are left out.
  static AlgorithmSet from_names(const std::vector<std::string>& names);

  constexpr void insert(crypto::SignatureAlgorithm algorithm) { bits_ |= 1U << static_cast<unsigned>(algorithm); }
  constexpr bool contains(crypto::SignatureAlgorithm algorithm) const {
    return (bits_ >> static_cast<unsigned>(algorithm) & 1U) != 0;
  }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr AlgorithmSet intersection(AlgorithmSet other) const {
    AlgorithmSet both;
    both.bits_ = bits_ & other.bits_;
    return both;
  }

  /// In the order of SignatureAlgorithm.
  std::vector<std::string> names() const;

  friend constexpr bool operator==(AlgorithmSet, AlgorithmSet) = default;

 private:
  unsigned bits_ = 0;
};

/// What an upstream provider may sign ID tokens with when its connection says nothing (login-runtime V2).
inline constexpr AlgorithmSet kDefaultUpstreamAlgorithms{
    crypto::SignatureAlgorithm::RS256, crypto::SignatureAlgorithm::RS384, crypto::SignatureAlgorithm::RS512,
    crypto::SignatureAlgorithm::PS256, crypto::SignatureAlgorithm::PS384, crypto::SignatureAlgorithm::ES256,
    crypto::SignatureAlgorithm::ES384};

}  // namespace symbolon::jose
