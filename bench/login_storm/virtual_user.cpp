#include "login_storm/virtual_user.h"

#include <algorithm>
#include <stdexcept>

namespace symbolon::bench {
namespace {

using Steady = std::chrono::steady_clock;

Failure at(const char* phase, const Failure& failure) { return {phase + failure.kind, failure.detail}; }

}  // namespace

VirtualUser::VirtualUser(boost::asio::any_io_executor executor, const World& world, unsigned number)
    : world_(world),
      number_(number),
      application_(world.options, world.options.client),
      second_application_(world.options, world.options.second_client),
      back_end_(executor, world.token_endpoint, world.options.load.timeout) {
  if (world.broker) browser_.emplace(executor, world, number);
}

Task<std::optional<Failure>> VirtualUser::prepare() {
  const Flow flow = world_.options.flow;
  if (flow != Flow::sso && flow != Flow::refresh) co_return std::nullopt;
  browser_->start_afresh();
  SignIn first = co_await sign_in(&application_);
  if (first.outcome.failure) co_return at("prepare: ", *first.outcome.failure);
  if (flow == Flow::refresh && first.tokens.refresh_token.empty())
    co_return Failure{"prepare: no refresh_token came", "--scope needs offline_access, and the client that grant"};
  tokens_ = std::move(first.tokens);
  co_return std::nullopt;
}

Task<Outcome> VirtualUser::act() {
  switch (world_.options.flow) {
    case Flow::login: {
      browser_->start_afresh();
      SignIn done = co_await sign_in(&application_);
      co_return done.outcome;
    }
    case Flow::sso: {
      SignIn done = co_await sign_in(&second_application_);
      co_return done.outcome;
    }
    case Flow::client_credentials: {
      SignIn done = co_await ask_for_tokens(application_.client_credentials_request(), "", {});
      co_return done.outcome;
    }
    case Flow::refresh: {
      SignIn done = co_await ask_for_tokens(application_.refresh_request(tokens_.refresh_token), "", {});
      if (!done.tokens.refresh_token.empty()) tokens_ = std::move(done.tokens);
      co_return done.outcome;
    }
  }
  throw std::logic_error("Flow outside its enumerators");
}

Task<VirtualUser::SignIn> VirtualUser::sign_in(const Application* application) {
  const PendingLogin pending = application->begin();
  const auto journey = co_await browser_->travel(pending.url, application->client().redirect_uri);
  if (!journey) co_return SignIn{.outcome = {.times = {}, .failure = journey.error()}, .tokens = {}};

  Times times;
  times.set(Step::authorize, journey->authorize);
  if (journey->visited_provider) {
    times.set(Step::upstream, journey->upstream);
    times.set(Step::callback, journey->callback);
    const auto exchange = journey->code_exchange ? world_.stub.token_time(number_) : std::chrono::nanoseconds(0);
    times.set(Step::callback_alone, std::max(journey->callback - exchange, std::chrono::nanoseconds(0)));
  }
  const auto code = Application::read_code(pending, journey->landing);
  if (!code) {
    const char* const phase = journey->visited_provider ? "callback: " : "authorize: ";
    co_return SignIn{.outcome = {.times = {}, .failure = at(phase, code.error())}, .tokens = {}};
  }
  if (world_.options.flow == Flow::sso && application == &second_application_ && journey->visited_provider)
    co_return SignIn{.outcome = {.times = {}, .failure = Failure{"authorize: no single sign-on", ""}}, .tokens = {}};
  co_return co_await ask_for_tokens(application->code_request(pending, *code), pending.nonce, times);
}

Task<VirtualUser::SignIn> VirtualUser::ask_for_tokens(HttpRequest request, std::string nonce, Times times) {
  const auto started = Steady::now();
  const auto response = co_await back_end_.exchange(std::move(request));
  times.set(Step::token, Steady::now() - started);
  const auto tokens = response ? Application::read_tokens(*response, nonce) : std::unexpected(response.error());
  if (!tokens) co_return SignIn{.outcome = {.times = {}, .failure = at("token: ", tokens.error())}, .tokens = {}};
  co_return SignIn{.outcome = {.times = times, .failure = std::nullopt}, .tokens = *tokens};
}

}  // namespace symbolon::bench
