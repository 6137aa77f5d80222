#include "jose/algorithm_set.h"

namespace symbolon::jose {

AlgorithmSet AlgorithmSet::from_names(const std::vector<std::string>& names) {
  AlgorithmSet set;
  for (const std::string& name : names)
    if (const auto algorithm = crypto::parse_signature_algorithm(name)) set.insert(*algorithm);
  return set;
}

std::vector<std::string> AlgorithmSet::names() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < crypto::kSignatureAlgorithms; ++i) {
    const auto algorithm = static_cast<crypto::SignatureAlgorithm>(i);
    if (contains(algorithm)) names.emplace_back(crypto::to_string(algorithm));
  }
  return names;
}

}  // namespace symbolon::jose
