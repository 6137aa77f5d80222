#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "login_storm/http_connection.h"
#include "login_storm/http_server.h"
#include "login_storm/url.h"

namespace symbolon::bench {

/// How the fake goes wrong, or merely takes a detour that real brokers take.
enum class Quirk {
  none,
  consent_page,     ///< a page with a form between callback and redirect
  extra_redirects,  ///< relative ones, before the provider and after it
  closes,           ///< announces and closes the connection after every answer
  drops,            ///< closes it without a word
  other_nonce,      ///< in the ID token
  other_state,      ///< in the authorization response
  no_id_token,
  denies,    ///< error=access_denied to redirect_uri
  fails,     ///< 500 from the callback
  leaves,    ///< sends the browser to a foreign site
  hangs_up,  ///< closes the connection instead of answering at the token endpoint
};

/// The least that looks like a broker from outside: /authorize, /login/callback and /oauth/token, with cookies that
/// must come back, and a call to the provider's token endpoint. It verifies no token and keeps everything in memory, so
/// it is a measure of what the generator can drive, and the counterpart in its tests. One thread.
class FakeBroker final : public HttpHandler {
 public:
  struct Setup {
    std::string provider = "http://127.0.0.1:9400";
    std::string client_id = "app";
    std::string client_secret = "app-secret";
    bool front_channel = false;
    Quirk quirk = Quirk::none;
  };
  /// Where it listens is told later, since the port may be the system's choice.
  FakeBroker(boost::asio::any_io_executor executor, Setup setup);
  void set_origin(std::string origin) { origin_ = std::move(origin); }

  Task<ServerResponse> handle(ServerRequest request) override;

  unsigned long sign_ins() const { return sign_ins_; }

 private:
  struct Downstream {
    std::string redirect_uri, state, nonce, challenge;
  };
  struct Flight {
    Downstream downstream;
    std::string verifier, nonce;
  };
  ServerResponse authorize(const ServerRequest& request);
  ServerResponse start_flight(Downstream downstream);
  Task<ServerResponse> callback(ServerRequest request);
  Task<std::string> exchange(std::string code, std::string verifier);
  ServerResponse finish(const std::string& code);
  ServerResponse token(const ServerRequest& request);
  ServerResponse counters() const;
  std::string issue(const Downstream& downstream);
  bool is_client(const ServerRequest& request, const Parameters& form) const;
  std::unique_ptr<HttpConnection> take_connection();

  boost::asio::any_io_executor executor_;
  Setup setup_;
  std::string origin_;
  std::vector<std::unique_ptr<HttpConnection>> idle_;
  std::map<std::string, Flight> flights_;
  std::map<std::string, Downstream> codes_;
  std::set<std::string> sessions_, refresh_tokens_;
  unsigned long sign_ins_ = 0;
};

}  // namespace symbolon::bench
