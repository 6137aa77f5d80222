#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "login_storm/cookie_jar.h"
#include "login_storm/http_connection.h"
#include "login_storm/world.h"

namespace symbolon::bench {

/// One trip from an authorization URL to the client's redirect_uri.
struct Journey {
  Parameters landing;                    ///< what reached redirect_uri, by query or by form
  std::chrono::nanoseconds authorize{};  ///< at the broker, before the provider
  std::chrono::nanoseconds upstream{};   ///< at the provider
  std::chrono::nanoseconds callback{};   ///< at the broker, after the provider
  bool visited_provider = false;
  bool code_exchange = false;  ///< the provider gave a code, so the callback contains a call to it
};

/// A browser without eyes: keeps cookies, follows redirects, presses the first button of a form.
///
/// It stays with the broker and the stub provider; a redirect elsewhere is a failure. The stub is called directly
/// unless the options ask for sockets.
class Browser {
 public:
  Browser(boost::asio::any_io_executor executor, const World& world, unsigned traveller);

  /// Forgets every cookie, as a person who was never here.
  void start_afresh();
  Task<std::expected<Journey, Failure>> travel(std::string url, std::string redirect_uri);

 private:
  struct Visit {
    std::string url;
    bool post = false;
    std::string body;
  };
  Task<std::expected<HttpResponse, Failure>> fetch(HttpConnection* connection, Visit visit);
  Task<std::expected<HttpResponse, Failure>> ask_provider(Visit visit);
  Task<std::expected<HttpResponse, Failure>> ask_broker(Visit visit);
  static std::expected<Visit, Failure> next_visit(const Visit& visit, const HttpResponse& response);

  const World& world_;
  unsigned traveller_;
  std::string broker_origin_, provider_origin_, provider_entry_;
  HttpConnection broker_, provider_;
  CookieJar jar_;
};

/// What an answer that was not expected says about itself: status, OAuth error or page title.
Failure describe(const HttpResponse& response);

}  // namespace symbolon::bench
