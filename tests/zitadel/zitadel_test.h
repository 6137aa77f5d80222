#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/random.h"
#include "db/database.h"
#include "http/router.h"
#include "management/services.h"
#include "model/connection.h"
#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/inline_workers.h"
#include "support/run_task.h"
#include "zitadel/new_service_user.h"

namespace symbolon::zitadel {

inline const TenantId kTenant{"default"};
inline constexpr const char* kBase = "https://id.example";

/// What came back.
struct Reply {
  int status = 0;
  http::Headers headers;
  std::string text;
  boost::json::value body;

  /// The text at a JSON pointer; empty when there is none.
  std::string at(std::string_view pointer) const;
  bool has(std::string_view pointer) const;
  /// Of an application error; empty when there are no details.
  std::string error_id() const { return at("/details/0/id"); }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The ZITADEL API over an in-memory database, with a service user for each role.
class ZitadelTest : public testing::Test {
 protected:
  ZitadelTest();
  ~ZitadelTest() override;

  Reply send(const std::string& method, const std::string& path, const std::string& body, const Fields& headers = {});
  /// As the owner of the instance, unless headers name another token.
  Reply get(const std::string& path) { return send("GET", path, "", {bearer(owner_)}); }
  Reply post(const std::string& path, const std::string& body) { return send("POST", path, body, {bearer(owner_)}); }
  Reply put(const std::string& path, const std::string& body) { return send("PUT", path, body, {bearer(owner_)}); }
  Reply remove(const std::string& path) { return send("DELETE", path, "", {bearer(owner_)}); }
  Reply token(const Fields& form);
  Reply introspect(const Fields& form, const Fields& headers = {});
  Reply revoke(const Fields& form, const Fields& headers = {});
  Reply userinfo(const std::string& token);
  /// A JWT made with the key of a key file.
  static std::string sign_assertion(const std::string& pem, const std::string& kid, const boost::json::object& claims);

  static std::pair<std::string, std::string> bearer(const std::string& token) {
    return {"Authorization", "Bearer " + token};
  }
  NewServiceUser make_user(const std::string& name, std::vector<std::string> roles, bool with_key = false,
                           bool with_secret = false);
  /// The id of a provider made with the seed's body, in which `changes` replace members.
  std::string make_provider(const boost::json::object& changes = {});
  std::string make_organisation(const std::string& name);
  model::Connection stored(const std::string& id);
  std::vector<http::Route> routes();

  template <class F>
  auto write(F unit) {
    return run_task(database_->write(std::move(unit)));
  }
  template <class F>
  auto read(F unit) {
    return run_task(database_->read(std::move(unit)));
  }

  FakeClock clock_;
  crypto::SystemRandom random_;
  InlineWorkers workers_;
  std::unique_ptr<db::Database> database_;
  crypto::SecretBox box_;
  FakeHttpClient provider_;
  std::string owner_;  ///< personal access token of an IAM_OWNER
  std::shared_ptr<const http::Site> site_;

  management::Services& services();

 private:
  http::Request form_request(const Fields& form, const Fields& headers) const;

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The body that the reference page prints, byte for byte.
std::string seed_body();

}  // namespace symbolon::zitadel
