#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/dispatcher.h"
#include "app/endpoints.h"
#include "app/sites.h"
#include "crypto/random.h"
#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/fake_txt_lookup.h"
#include "support/inline_workers.h"
#include "support/run_task.h"
#include "support/token_builder.h"

namespace symbolon::flows {

/// A database that breaks at its n-th unit of work, counted from when it was told to. It undoes every write once and runs
/// it again, as drivers may.
class BreakingDatabase final : public db::Database {
 public:
  explicit BreakingDatabase(db::Database& inner) : inner_(inner) {}

  void break_at(int unit) { left_ = unit; }
  /// Lets each search cost that many steps before it starts.
  void make_searches_cost(std::int64_t steps) { search_cost_ = steps; }
  /// What others commit after the next write has been undone, before it runs again.
  void meanwhile(Unit unit) { meanwhile_ = std::move(unit); }
  /// Whether the unit came that was to break.
  bool broke() const { return left_ == 0; }

  db::Statistics statistics() const override { return inner_.statistics(); }
  Task<void> backup(std::string path) override { return inner_.backup(std::move(path)); }

 protected:
  Task<void> run_write(Unit unit) override;
  Task<void> run_read(Unit unit) override;
  Task<void> run_search(db::StepBudget& budget, Unit unit) override;

 private:
  void count();

  db::Database& inner_;
  int left_ = -1;
  std::int64_t search_cost_ = 0;
  Unit meanwhile_;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The whole server without sockets: fake clock, fake provider, in-memory database. One tenant at https://id.example
/// with the provider `acme` (back channel, https://idp.example), the connection `front` to the same provider (front
/// channel), and the applications `app` and `other`, for both of which both are enabled.
class World {
 public:
  World();

  http::Response send(http::Request request);
  http::Response get(const std::string& target, const Fields& headers = {});
  http::Response post(const std::string& path, const Fields& form, const Fields& headers = {});

  /// Sends the browser to /authorize; answers with the parameters of the provider's URL.
  std::map<std::string, std::string> depart(const std::string& connection, Fields more = {});
  /// The provider's answer to that departure, sent by the browser.
  http::Response arrive(const std::map<std::string, std::string>& departure, const std::string& connection);
  http::Response redeem(const std::string& code);
  /// The ID token that the provider signs for `nonce`.
  std::string id_token(const std::string& nonce, const std::string& client_id);
  std::int64_t count(const std::string& table);
  void change_connection(const std::string& name, const std::function<void(model::Connection&)>& change);
  /// Sets members of the application's document.
  void change_client(const std::string& id, const boost::json::object& members);
  std::string add_client(const std::string& name, std::string* secret);
  void add_connection(const std::string& name, model::Channel channel);

  static std::map<std::string, std::string> parameters(const http::Response& redirect);

  FakeClock clock;
  crypto::SystemRandom random;
  InlineWorkers workers;
  FakeHttpClient provider;
  FakeTxtLookup txt_lookup;
  TestKey provider_key = TestKey::make("p1");
  crypto::SecretBox box;
  std::unique_ptr<db::Database> memory;
  BreakingDatabase db;
  std::unique_ptr<app::Endpoints> endpoints;
  std::unique_ptr<app::Sites> sites;
  std::unique_ptr<app::Dispatcher> dispatcher;
  std::map<std::string, std::string> cookies;  ///< the browser's
  boost::json::object more_claims;  ///< of every ID token that the provider signs
  std::string client_id, client_secret, other_id, subject = "ada";
  boost::json::object provider_claims;  ///< more of them in the provider's ID token
  std::string host = "id.example";  ///< that the browser asks
  std::string accept_language;      ///< that the browser sends, unless empty

 private:
  void take_cookies(const http::Response& response);
};

}  // namespace symbolon::flows
