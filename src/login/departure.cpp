#include "login/departure.h"

#include "login/last_choice.h"

namespace symbolon::login {

Task<http::Response> depart(const Services& services, FailureReporter& failures, http::Request http,
                            model::Client client, model::AuthorizationRequest request, model::Connection connection,
                            StartOptions options) {
  auto started = start_login(services, http, request, connection, options);
  if (started) {
    remember_choice(*started, http, services.box, connection.id, services.clock.now());
    co_return std::move(*started);
  }
  FailedLogin failed{.error = std::move(started.error()),
                     .client = client.id,
                     .client_name = client.name,
                     .connection_id = connection.id,
                     .connection = connection.name,
                     .strategy = std::string(to_string(connection.upstream.strategy)),
                     // The interaction of a page of ours was in this browser.
                     .proven_browser = !options.page.empty()};
  const model::OAuthError error = failed.error.downstream;
  const std::string reference = co_await failures.report(http, std::move(failed));
  const bool after_post = http.method == http::Method::post;
  co_return co_await services.responder.refuse(http, std::move(client), std::move(request), error, reference,
                                               after_post);
}

}  // namespace symbolon::login
