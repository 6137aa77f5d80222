#pragma once

#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "net/tls.h"

namespace symbolon::app {

/// A certificate for `host`, localhost and the loopback addresses, from an authority that is made once at
/// `data_dir`/dev-ca.pem, so that tools which insist on https can be told to trust that one file. Its key stays in
/// dev-ca-key.pem, readable by the owner only. Throws std::runtime_error with a sentence for the operator.
net::TlsIdentity development_identity(const std::filesystem::path& data_dir, const std::string& host,
                                      const Clock& clock, Random& random);

}  // namespace symbolon::app
