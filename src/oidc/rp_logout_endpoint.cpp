#include "oidc/rp_logout_endpoint.h"

#include "base/log.h"
#include "base/text.h"
#include "http/form.h"
#include "login/browser_session.h"
#include "login/page_frame.h"
#include "oidc/id_token_hint.h"
#include "oidc/logout_pages.h"
#include "pages/refusal_texts.h"
#include "store/client_store.h"
#include "store/session_store.h"

namespace symbolon::oidc {
namespace {

using pages::RefusalText;

constexpr std::size_t kMaxState = 4096;

struct Found {
  model::Tenant tenant;
  std::optional<model::Client> client;
  std::optional<model::Session> session;  ///< of this browser
  bool hinted_session_lives = false;      ///< the hint's own session, with its own user
};

// Everything that was asked, before it is compared with what is known.
struct Asked {
  http::Form form;
  bool hint_is_bad = false;
  std::optional<IdTokenHint> hint;

  ClientId client() const { return hint ? hint->client : ClientId(form.get("client_id")); }
};

Found look_up(db::Transaction& tx, const http::Request& request, const Asked& asked, Instant now) {
  Found found{tenant_of(tx, request), {}, {}, false};
  if (!asked.client().empty()) found.client = store::ClientStore(tx, request.site->tenant).find(asked.client());
  found.session = login::find_browser_session(tx, request, found.tenant, now);
  if (asked.hint && !asked.hint->session.empty()) {
    const auto hinted = store::SessionStore(tx, request.site->tenant).find(asked.hint->session);
    found.hinted_session_lives =
        hinted && hinted->user == asked.hint->subject && hinted->base_url == request.site->base_url;
  }
  return found;
}

struct Contradiction {
  std::string rule;
  RefusalText text;
};

// Nullopt when the request is consistent.
std::optional<Contradiction> find_contradiction(const Asked& asked, const Found& found) {
  if (asked.hint_is_bad) return Contradiction{"LO-11", RefusalText::hint_is_foreign};
  if (asked.hint && asked.form.has("client_id") && asked.form.get("client_id") != asked.hint->client.str())
    return Contradiction{"LO-12", RefusalText::two_applications};
  if (asked.hint && asked.form.has("logout_hint") && asked.form.get("logout_hint") != asked.hint->session.str())
    return Contradiction{"LO-12", RefusalText::two_sessions};
  if (!asked.client().empty() && !found.client) return Contradiction{"LO-12", RefusalText::client_unknown};
  if (asked.form.get("state").size() > kMaxState) return Contradiction{"LO-10", RefusalText::state_too_long};
  return std::nullopt;
}

// LO-17
bool must_ask(const Asked& asked, const Found& found) {
  if (!found.session || !found.tenant.logout_confirmation) return false;
  const std::string& sid = found.session->id.str();
  if (!asked.hint && !asked.form.has("logout_hint")) return true;
  if (asked.hint && asked.hint->session.str() != sid) return true;
  return asked.form.has("logout_hint") && asked.form.get("logout_hint") != sid;
}

// LO-18: without the browser's cookie, a genuine hint still ends the session that it speaks of.
SessionId session_to_end(const Asked& asked, const Found& found) {
  if (found.session) return found.session->id;
  return found.hinted_session_lives ? asked.hint->session : SessionId();
}

}  // namespace

Task<http::Response> RpLogoutEndpoint::handle(http::Request request) {
  const std::string& text = request.method == http::Method::post ? request.body : request.query;
  const auto form = http::Form::parse(text);
  Asked asked{form.value_or(http::Form()), false, {}};
  if (const std::string hint = asked.form.get("id_token_hint"); !hint.empty()) {
    const auto keys = co_await keys_.get(request.site->tenant);
    asked.hint = read_id_token_hint(hint, *keys, *request.site);
    asked.hint_is_bad = !asked.hint;
  }
  const Instant now = services_.clock.now();
  const Found found = co_await services_.db.read([&](db::Transaction& tx) { return look_up(tx, request, asked, now); });
  const pages::Frame frame = login::frame_for(found.tenant, request, asked.form.get("ui_locales"));
  const auto wrong = form ? find_contradiction(asked, found) : Contradiction{"LO-10", RefusalText::malformed_or_repeated};
  if (wrong) {
    log::info("logout_refused", {{"request_id", request.id},
                                 {"tenant", request.site->tenant.str()},
                                 {"client_id", printable(asked.client().str(), 128)},
                                 {"detail", pages::text("en", wrong->text)}});
    if (found.session)
      co_await logout_.note_refusal(request, *found.session, found.client ? found.client->id : ClientId(),
                                    wrong->rule, std::string(pages::text("en", wrong->text)));
    co_return render_logout_error(frame, 400, pages::text(frame.language, wrong->text));
  }

  LogoutQuestion question = LogoutQuestion::from(asked.form);
  question.client_id = asked.client().str();
  const auto& registered = found.client ? found.client->allowed_logout_urls : found.tenant.allowed_logout_urls;
  LogoutOrder order;
  order.client = asked.client();
  order.state = question.state;
  order.federated = question.federated;
  order.ui_locales = question.ui_locales;
  if (!question.post_logout_redirect_uri.empty()) {
    order.target = check_logout_url(registered, question.post_logout_redirect_uri, LogoutMatch::exact);
    if (!order.target && found.session)
      co_await logout_.note_refusal(request, *found.session, order.client, "LO-5",
                                    "post_logout_redirect_uri is not registered");
    if (!order.target)
      co_return render_refused_url(services_, request, frame, found.session ? found.session->id : SessionId());
  } else if (found.client) {
    order.target = first_logout_url(registered);
  }
  if (must_ask(asked, found))
    co_return render_logout_question(services_, request, frame, found.session->id, question,
                                     order.target ? order.target->url() : "");
  order.session = session_to_end(asked, found);
  order.of_this_browser = found.session.has_value();
  co_return co_await logout_.perform(std::move(request), std::move(order));
}

}  // namespace symbolon::oidc
