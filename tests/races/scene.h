#pragma once

#include <functional>

#include "login/failure.h"
#include "login/finish.h"
#include "login/try_connection.h"
#include "oidc/backchannel_logout_endpoint.h"
#include "oidc/logout.h"
#include "oidc/logout_delivery.h"
#include "oidc/provider.h"
#include "support/contend.h"
#include "support/fake_http_client.h"
#include "support/temporary_folder.h"
#include "support/token_builder.h"

namespace symbolon::oidc {

/// How many uses of one value begin at the same moment.
inline constexpr int kContenders = 200;

/// A folder that outlives the database in it.
struct DatabaseFolder {
  TemporaryFolder folder;
};

/// The provider side and the login over a database file, with a provider that answers. The connection `acme` leads to
/// https://idp.example.
class Scene : private DatabaseFolder, public Provider {
 public:
  Scene();

  /// Uses one value from several threads at once; how many of the uses were successful.
  template <class Use>
  int winners(Use use, int contenders = kContenders) {
    std::vector<Task<bool>> uses;
    for (int i = 0; i < contenders; ++i) uses.push_back(use(*this, i));
    return count_winners(std::move(uses));
  }

  model::Tenant tenant();
  model::Connection connection();
  void change_connection(const std::function<void(model::Connection&)>& change);
  /// A sign-in of client web that has come back from the provider, and the person who came.
  tickets::LoginTicket login_ticket(const std::string& state);
  upstream::ProvenIdentity proved(const std::string& subject);
  http::Request arrival();
  std::string logout_token();

  TestKey provider_key = TestKey::make("p1");
  FakeHttpClient outbound;
  upstream::JwksCache key_sets{outbound, clock};

 private:
  class NoAssertionKeys final : public upstream::AssertionKeys {
   public:
    Task<std::expected<upstream::AssertionKey, std::string>> current(TenantId, ConnectionId) override {
      co_return std::unexpected("no connection here proves itself with a key");
    }
  };
  NoAssertionKeys assertion_keys_;
  upstream::RelyingParty relying_party_{outbound, key_sets, assertion_keys_, box, workers, clock, random, {}};

 public:
  login::Services services{*db, box, clock, random, relying_party_, responder, recent_failures};
  login::FailureReporter failures{services};
  login::Finish finish{services};
  login::TryConnection try_connection{services, failures};
  Logout logout{services};
  BackchannelLogoutEndpoint backchannel_logout{*db, key_sets, outbound, clock, {}};
  LogoutDelivery delivery{*db, keys, workers, outbound, clock, random, {}};
};

}  // namespace symbolon::oidc
