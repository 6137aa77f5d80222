#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/random.h"
#include "db/database.h"
#include "http/router.h"
#include "management/api.h"
#include "management/client_grants.h"
#include "management/clients.h"
#include "management/configuration.h"
#include "management/connection_tests.h"
#include "management/connections.h"
#include "management/home_realm.h"
#include "management/people.h"
#include "management/resource_servers.h"
#include "management/services.h"
#include "management/recording_ports.h"
#include "model/log_event.h"
#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/fake_txt_lookup.h"
#include "support/inline_workers.h"
#include "support/run_task.h"

namespace symbolon::management {

inline const TenantId kTenant{"default"};
inline const TenantId kOtherTenant{"other"};
inline constexpr const char* kIssuer = "https://idp.example.com";
inline constexpr const char* kDiscoveryUrl = "https://idp.example.com/.well-known/openid-configuration";

/// A JSON value that tests compare with texts of every kind.
struct Shown : boost::json::value {
  using boost::json::value::value;
  Shown(boost::json::value given) : boost::json::value(std::move(given)) {}
  friend bool operator==(const Shown& shown, const std::string& text) {
    return static_cast<const boost::json::value&>(shown) == boost::json::value(text);
  }
};

/// What came back from /api/v2.
struct Reply {
  int status = 0;
  http::Headers headers;
  std::string text;
  boost::json::value body;

  /// The value at a JSON pointer; null when there is none.
  Shown at(std::string_view pointer) const;
  bool has(std::string_view pointer) const;
  std::string message() const;
  std::string id(std::string_view member = "id") const;
};

/// A token as the fake verifier reads it: who calls, of which tenant, with which scopes.
struct Token {
  TenantId tenant = kTenant;
  std::string client = "caller";
  std::vector<std::string> scopes;
  std::string subject = "caller@clients";

  std::string text() const;
};

/// Every scope that there is.
Token full_token(const TenantId& tenant = kTenant);
Token token_with(std::vector<std::string> scopes);
Token token_without(std::string_view scope);

/// A provider's configuration.
boost::json::object provider_document(const std::string& issuer = kIssuer);

/// The Management API over an in-memory database with two tenants. Whatever it answers is compared with the contract.
class ManagementTest : public testing::Test {
 protected:
  explicit ManagementTest(const ApiRates& rates = {});
  ~ManagementTest() override;

  struct Request {
    std::string method, path, body;
    Token token = full_token();
    http::Headers headers;
  };
  Reply send(Request request);
  /// Without a token unless `headers` has one; the body goes out as it is.
  Reply send_raw(const std::string& method, const std::string& path, const std::string& body, http::Headers headers,
                 const TenantId& site = kTenant);
  Reply get(const std::string& path) { return send({"GET", path, "", token_, {}}); }
  Reply post(const std::string& path, const std::string& body) { return send({"POST", path, body, token_, {}}); }
  Reply patch(const std::string& path, const std::string& body) { return send({"PATCH", path, body, token_, {}}); }
  Reply remove(const std::string& path) { return send({"DELETE", path, "", token_, {}}); }

  /// A connection `name` with explicit settings, made by POST.
  std::string make_connection(const std::string& name);
  std::string make_client(const std::string& name);
  void change_tenant(const std::string& doc);
  /// The host names of both tenants, as the server has them: `default.example.com` and `other.example.com`.
  void make_canonical_domains();

  template <class F>
  auto write(F unit) {
    return run_task(database_->write(std::move(unit)));
  }
  template <class F>
  auto read(F unit) {
    return run_task(database_->read(std::move(unit)));
  }
  /// Types and descriptions of what was logged, oldest first.
  std::vector<std::string> logged(const TenantId& tenant = kTenant);

  FakeClock clock_;
  RecordingSessionEnd session_end_;
  SpelledOutLinkTokens link_tokens_;
  crypto::SystemRandom random_;
  login::RecentFailures recent_failures_{clock_, random_};
  std::unique_ptr<db::Database> database_;
  crypto::SecretBox box_;
  FakeHttpClient provider_;
  FakeTxtLookup txt_lookup_;
  Token token_ = full_token();  ///< who calls in get(), post(), patch() and remove()

 private:
  struct Parts;

 protected:
  Services& services();
  const Contract& contract() const;

 private:
  void expect_documented(const http::Router::Match& match, const Reply& reply);

  std::unique_ptr<Parts> parts_;
};

/// Explicit settings of an oidc connection that asks nobody, as text of `options`.
std::string explicit_options(const std::string& more = "");

}  // namespace symbolon::management
