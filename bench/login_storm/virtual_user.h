#pragma once

#include <chrono>
#include <optional>

#include "login_storm/application.h"
#include "login_storm/browser.h"
#include "login_storm/tally.h"

namespace symbolon::bench {

/// One person's browser together with the back end of the application they use; repeats the chosen flow.
class VirtualUser {
 public:
  VirtualUser(boost::asio::any_io_executor executor, const World& world, unsigned number);

  /// What a flow needs once before it can repeat: for sso a session, for refresh a token. To be called again until it
  /// answers nothing.
  Task<std::optional<Failure>> prepare();

  /// The flow, once. Step::whole is left to the caller, who knows when it was due.
  Task<Outcome> act();

 private:
  struct SignIn {
    Outcome outcome;
    TokenSet tokens;
  };
  Task<SignIn> sign_in(const Application* application);
  Task<SignIn> ask_for_tokens(HttpRequest request, std::string nonce, Times times);

  const World& world_;
  unsigned number_;
  Application application_, second_application_;
  std::optional<Browser> browser_;
  HttpConnection back_end_;
  TokenSet tokens_;
};

}  // namespace symbolon::bench
