#pragma once

#include <curl/curl.h>

#include <string>

namespace symbolon::net {

/// Which authorities vouch for a server: the system's, plus those that a policy brings.
///
/// Both work together because OpenSSL looks the system's up in a hashed directory, one file for each certificate that
/// is asked for, while the additional ones are loaded from memory. That also spares every new connection the reading of
/// the whole bundle. Where no such directory exists, both are handed over as one text.
///
/// libcurl compares these settings before it reuses a connection, so what one policy trusts never serves another.
class TrustStore {
 public:
  /// Where libcurl was built to look.
  static TrustStore of_the_system();
  /// `directory` is used when it is hashed, otherwise the file `bundle`. Either may be empty.
  TrustStore(std::string directory, std::string bundle);

  /// `additional_pem` may be empty.
  void apply(CURL* easy, const std::string& additional_pem) const;

 private:
  std::string directory_;  ///< hashed, or empty
  std::string bundle_;     ///< a file, where there is no directory
  std::string bundle_pem_;
};

}  // namespace symbolon::net
