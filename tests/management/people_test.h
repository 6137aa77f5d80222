#pragma once

#include <string>

#include "management/management_test.h"
#include "store/connection_store.h"
#include "store/grant_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::management {

inline const std::string kJane = "/users/oidc%7Ccorp%7Cjane";

/// A tenant with a connection `corp` and whoever a test puts into it.
class PeopleTest : public ManagementTest {
 protected:
  static model::Identity identity(const std::string& connection_id, const std::string& connection,
                                  const std::string& subject) {
    return {.connection = ConnectionId(connection_id),
            .connection_name = connection,
            .provider = "oidc",
            .subject = subject,
            .profile = {}};
  }

  /// `oidc|{connection}|{subject}`, with `{subject}@example.com`.
  UserId add_user(const std::string& subject, const std::string& connection = "corp",
                  const std::string& profile = R"({"name":"Somebody"})") {
    model::User user;
    user.tenant = kTenant;
    user.id = model::make_user_id("oidc", connection, subject);
    user.profile = profile;
    user.email = subject + "@example.com";
    user.email_verified = true;
    user.identities = {identity(connection == "corp" ? corp_ : other_, connection, subject)};
    user.created_at = user.updated_at = clock_.now();
    write([&](db::Transaction& tx) {
      ASSERT_EQ(store::UserStore(tx, kTenant).insert(user), store::Insert::done);
    });
    return user.id;
  }

  SessionId add_session(const UserId& user, const std::string& id, const std::string& subject = "jane") {
    model::Session session;
    session.tenant = kTenant;
    session.id = SessionId(id);
    session.user = user;
    session.connection = ConnectionId(corp_);
    session.base_url = "https://default.example.com";
    session.cookie.bytes = id;
    session.created_at = session.updated_at = session.authenticated_at = session.last_interacted_at = clock_.now();
    session.idle_expires_at = clock_.now() + std::chrono::hours(1);
    session.expires_at = clock_.now() + std::chrono::hours(2);
    session.upstream_subject = subject;
    session.initial_user_agent = session.last_user_agent = "Test/1";
    session.initial_ip = session.last_ip = "192.0.2.9";
    write([&](db::Transaction& tx) {
      store::SessionStore sessions(tx, kTenant);
      sessions.insert(session);
      sessions.add_client(session.id, ClientId("app"), clock_.now());
    });
    return session.id;
  }

  /// A refresh token of client `app` for the API at https://api.example.com, with the grant it came from.
  void add_refresh_token(const UserId& user, const std::string& id, const std::string& session = "",
                         const std::string& client = "app", const std::string& family = "") {
    write([&](db::Transaction& tx) {
      model::Grant grant;
      grant.tenant = kTenant;
      grant.id = GrantId("grant-" + (family.empty() ? id : family));  // a family lives under one grant
      grant.client = ClientId(client);
      grant.user = user;
      grant.session = SessionId(session);
      grant.connection = ConnectionId(corp_);
      grant.scope = {"openid", "read:things"};
      grant.audience = "https://api.example.com";
      grant.created_at = grant.auth_time = clock_.now();
      grant.expires_at = clock_.now() + std::chrono::hours(9);
      store::GrantStore grants(tx, kTenant);
      if (!grants.find(grant.id)) grants.insert(grant);
      model::RefreshToken token;
      token.id = id;
      token.hash.bytes = "hash of " + id;
      token.family = family.empty() ? "family-" + id : family;
      token.grant = grant.id;
      token.client = grant.client;
      token.user = user;
      token.session = grant.session;
      token.created_at = token.last_used_at = clock_.now();
      token.expires_at = clock_.now() + std::chrono::hours(8);
      store::RefreshTokenStore(tx, kTenant).insert(token);
    });
  }

  std::vector<std::string> ids(const Reply& reply, std::string_view list, std::string_view member = "id") {
    std::vector<std::string> found;
    const boost::json::value items = list.empty() ? reply.body : static_cast<const boost::json::value&>(reply.at(list));
    for (const boost::json::value& item : items.as_array()) found.emplace_back(item.at(member).as_string());
    return found;
  }

  bool has_user(const UserId& id) {
    return read([&](db::Transaction& tx) { return store::UserStore(tx, kTenant).find(id).has_value(); });
  }
  model::User stored_user(const UserId& id) {
    return read([&](db::Transaction& tx) { return store::UserStore(tx, kTenant).find(id).value(); });
  }

  const std::string corp_ = make_connection("corp");
  const std::string other_ = make_connection("other");
};

}  // namespace symbolon::management
