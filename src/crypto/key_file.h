#pragma once

#include <filesystem>
#include <stdexcept>

#include "crypto/keyring.h"

namespace symbolon::crypto {

/// The key file cannot be used; `what()` is a sentence for the operator that names the file and what to do.
class KeyFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads a key file: lines of key id, space and base64url key, the current key first; `#` starts a comment.
/// Throws KeyFileError when the file is missing, malformed, not a regular file, or open to group or others.
Keyring load_key_file(const std::filesystem::path& file);

/// The same, but makes the file with one new key where there is none. Two programs that start at once end up with
/// the same key.
Keyring load_or_create_key_file(const std::filesystem::path& file, Random& random);

/// Replaces the file in one step that survives power loss; readable by its owner only. Throws KeyFileError.
void save_key_file(const std::filesystem::path& file, const Keyring& keyring);

}  // namespace symbolon::crypto
