#pragma once

#include <string>

#include "management/management_test.h"

namespace symbolon::management {

class ConnectionsTest : public ManagementTest {
 protected:
  ConnectionsTest() { provider_.on(kDiscoveryUrl, 200, boost::json::serialize(provider_document())); }

  Reply create(const std::string& name, const std::string& options, const std::string& more = "") {
    return post("/connections",
                R"({"strategy":"oidc","name":")" + name + R"(","options":)" + options + more + "}");
  }
  std::string secret_connection(const std::string& name = "secret") {
    return create(name, explicit_options(R"("client_secret":"s3cr3t")")).id();
  }
};

}  // namespace symbolon::management
