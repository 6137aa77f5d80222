// Sign-ins under the login policies of organisations (zitadel-idps §6.1): at the start, at the callback, before anybody
// is written, and at everything that comes of the sign-in.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "flows/world.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/login_policy_store.h"
#include "store/organisation_store.h"
#include "store/user_store.h"

namespace symbolon::flows {
namespace {

const TenantId kTenant{"default"};
const model::OrganisationId kInstance;
const model::OrganisationId kAcme{"100000000000000011"}, kPlain{"100000000000000012"};
const std::string kScope = "urn:zitadel:iam:org:id:";

// `acme` is the provider of Acme's own policy only, `front` that of the instance's. Nothing is enabled by hand. Plain has
// no policy of its own.
class Organisations : public World, public testing::Test {
 protected:
  Organisations() {
    write([&](db::Transaction& tx) {
      store::OrganisationStore organisations(tx, kTenant);
      standard = organisations.find_default().value().id;
      for (const auto& [id, name] : {std::pair{kAcme, "Acme"}, {kPlain, "Plain"}})
        organisations.insert({.tenant = kTenant,
                              .id = id,
                              .name = name,
                              .domain_label = model::make_domain_label(name),
                              .version = 1,
                              .created_at = clock.now(),
                              .updated_at = clock.now()});
      store::LoginPolicyStore policies(tx, kTenant);
      policies.insert({.tenant = kTenant, .owner = kAcme, .offers_providers = true, .doc = "{}", .version = 1});
      store::ConnectionStore connections(tx, kTenant);
      for (const char* name : {"acme", "front"}) connections.replace_enabled_clients(id_of(tx, name), {});
      policies.add_provider(kAcme, id_of(tx, "acme"));
      policies.add_provider(kInstance, id_of(tx, "front"));
      policies.offer(id_of(tx, "front"));
    });
  }

  template <class F>
  void write(F unit) {
    run_task(memory->write(std::move(unit)));
  }
  static ConnectionId id_of(db::Transaction& tx, const std::string& name) {
    return store::ConnectionStore(tx, kTenant).find_by_name(name)->id;
  }
  void offer(const model::OrganisationId& owner, const std::string& name) {
    write([&](db::Transaction& tx) { store::LoginPolicyStore(tx, kTenant).add_provider(owner, id_of(tx, name)); });
  }
  void withdraw(const model::OrganisationId& owner, const std::string& name) {
    write([&](db::Transaction& tx) { store::LoginPolicyStore(tx, kTenant).remove_provider(owner, id_of(tx, name)); });
  }
  static Fields in(const model::OrganisationId& organisation, const std::string& more = "") {
    return {{"scope", "openid email " + kScope + organisation.str() + more}};
  }
  std::string code_of(const std::string& connection, const Fields& more) {
    auto departure = depart(connection, more);
    if (!departure.contains("nonce")) return departure["code"];
    return parameters(arrive(departure, connection))["code"];
  }
  std::string organisation_of_user(const std::string& id) {
    return run_task(memory->read([&](db::Transaction& tx) {
      return store::UserStore(tx, kTenant).find(UserId(id)).value().organisation.str();
    }));
  }
  model::OrganisationId standard;  ///< the default one, which the server made

  std::int64_t written() { return count("users") + count("identities") + count("sessions") + count("grants"); }
};

struct Start {
  const char* name;
  const char* connection;
  std::string scope;
  const char* error;  ///< empty: the browser goes to the provider
  const char* description;
};

TEST_F(Organisations, ThePolicyOfTheRequestedOneDecidesAtTheStart) {
  const std::string acme = kScope + kAcme.str(), plain = kScope + kPlain.str(), by_name = kScope + standard.str();
  const char* refused = "the organisation does not offer this connection";
  const Start rows[] = {
      {"its own policy", "acme", acme, "", ""},
      {"not in its own policy", "front", acme, "invalid_request", refused},
      {"the instance's where it has none", "front", plain, "", ""},
      {"another one's", "acme", plain, "invalid_request", refused},
      {"the default one by name", "front", by_name, "", ""},
      {"the default one by name, another's provider", "acme", by_name, "invalid_request", refused},
      {"none named", "front", "", "", ""},
      {"none named, another's provider", "acme", "", "invalid_request", "the connection was disabled"},
      {"by domain", "acme", "urn:zitadel:iam:org:domain:primary:acme.id.example", "", ""},
      {"by domain, in capitals", "acme", "urn:zitadel:iam:org:domain:primary:ACME.id.example", "", ""},
      {"by domain and id", "acme", acme + " urn:zitadel:iam:org:domain:primary:acme.id.example", "", ""},
      {"unknown id", "front", kScope + "1", "invalid_request", refused},
      {"no id", "front", kScope, "invalid_request", refused},
      {"unknown domain", "front", "urn:zitadel:iam:org:domain:primary:other.id.example", "invalid_request", refused},
      {"domain of another host", "acme", "urn:zitadel:iam:org:domain:primary:acme.evil.example", "invalid_request", refused},
      {"two", "acme", acme + " " + plain, "invalid_request", refused},
  };
  for (const Start& row : rows) {
    SCOPED_TRACE(row.name);
    auto answered = depart(row.connection, {{"scope", "openid " + row.scope}});
    EXPECT_EQ(answered["error"], row.error);
    EXPECT_TRUE(answered["error_description"].starts_with(row.description)) << answered["error_description"];
    EXPECT_EQ(answered.contains("nonce"), std::string(row.error).empty());
  }
}

// Whether a customer exists is nobody's business; the administrator's explanation has it.
TEST_F(Organisations, OneThatOffersNothingHereIsAnsweredLikeOneThatDoesNotExist) {
  withdraw(kAcme, "acme");
  const std::string unknown_id = kScope + "100000000000000099";
  for (const char* connection : {"front", "acme", "no-such", ""})
    for (const char* prompt : {"", "none", "login"}) {
      SCOPED_TRACE(std::string(connection) + " " + prompt);
      const auto ask = [&](const std::string& scope) {
        Fields fields{{"scope", "openid " + scope}};
        if (*prompt) fields.emplace_back("prompt", prompt);
        return depart(connection, fields);
      };
      const auto foreign = ask(kScope + kAcme.str());
      EXPECT_FALSE(foreign.at("error").empty());
      for (const std::string& scope : {unknown_id, kScope + kAcme.str() + " " + kScope + kPlain.str(),
                                       std::string("urn:zitadel:iam:org:domain:primary:nobody.id.example")}) {
        SCOPED_TRACE(scope);
        const auto unknown = ask(scope);
        EXPECT_EQ(unknown, foreign);
      }
    }
}

TEST_F(Organisations, AConnectionEnabledByHandIsForRequestsThatNameNone) {
  write([&](db::Transaction& tx) {
    store::ConnectionStore(tx, kTenant).enable(id_of(tx, "acme"), ClientId(client_id));
    store::LoginPolicyStore(tx, kTenant).remove(kAcme);
  });
  EXPECT_TRUE(depart("acme").contains("nonce"));
  EXPECT_EQ(depart("acme", in(kPlain))["error"], "invalid_request");
}

TEST_F(Organisations, WhatAnOrganisationOwnsIsOfferedOnlyThere) {
  change_connection("acme", [](model::Connection& connection) { connection.zitadel_owner = kAcme.str(); });
  offer(kInstance, "acme");
  write([&](db::Transaction& tx) {
    store::LoginPolicyStore(tx, kTenant).offer(id_of(tx, "acme"));
    store::ConnectionStore(tx, kTenant).enable(id_of(tx, "acme"), ClientId(client_id));
  });
  EXPECT_TRUE(depart("acme", in(kAcme)).contains("nonce"));
  EXPECT_EQ(depart("acme", in(kPlain))["error"], "invalid_request");
  EXPECT_EQ(depart("acme")["error"], "invalid_request");
  change_connection("acme", [&](model::Connection& connection) { connection.zitadel_owner = standard.str(); });
  EXPECT_TRUE(depart("acme").contains("nonce"));
}

TEST_F(Organisations, APolicyWithoutExternalProvidersOffersNone) {
  write([&](db::Transaction& tx) {
    store::LoginPolicyStore policies(tx, kTenant);
    auto policy = policies.find(kAcme).value();
    policy.offers_providers = false;
    policies.update(policy);
  });
  EXPECT_EQ(depart("acme", in(kAcme))["error"], "invalid_request");
}

TEST_F(Organisations, ThePageShowsWhatTheOrganisationOffers) {
  for (const char* name : {"acme", "front"})
    change_connection(name, [&](model::Connection& connection) {
      connection.show_as_button = true;
      connection.display_name = std::string("Provider ") + name;
    });
  add_connection("third", model::Channel::back_channel);
  write([&](db::Transaction& tx) {
    store::ConnectionStore(tx, kTenant).replace_enabled_clients(id_of(tx, "third"), {});
    store::LoginPolicyStore(tx, kTenant).add_provider(kAcme, id_of(tx, "third"));
  });
  change_connection("third", [](model::Connection& connection) {
    connection.show_as_button = true;
    connection.display_name = "Provider third";
  });
  const auto shown = get("/authorize?" + http::encode_form({{"client_id", client_id},
                                                            {"response_type", "code"},
                                                            {"redirect_uri", "https://app.example/cb"},
                                                            {"state", "s"},
                                                            {"scope", "openid " + kScope + kAcme.str()}}));
  const std::string page = get(std::string(shown.headers.get("Location")).substr(18)).body;
  EXPECT_TRUE(page.contains("Provider acme") && page.contains("Provider third")) << page;
  EXPECT_FALSE(page.contains("Provider front"));
  std::smatch link;
  ASSERT_TRUE(std::regex_search(page, link, std::regex("/u/login/start\\?state=([^&\"]+)")));
  const auto made_up = get("/u/login/start?state=" + link[1].str() + "&connection=front");
  EXPECT_FALSE(made_up.headers.get("Location").starts_with("https://idp.example")) << "a start made by hand";
  EXPECT_TRUE(get("/u/login/start?state=" + link[1].str() + "&connection=acme")
                  .headers.get("Location")
                  .starts_with("https://idp.example"));
}

// Acceptance test 6 of zitadel-idps §10.
TEST_F(Organisations, T4WithdrawnOnTheWayEndsAtAPageWithAReference) {
  const auto departure = depart("acme", in(kAcme));
  withdraw(kAcme, "acme");
  const auto page = arrive(departure, "acme");
  EXPECT_EQ(page.status, 404);
  EXPECT_TRUE(std::regex_search(page.body, std::regex("[0-9A-Z]{4}-[0-9A-Z]{4}"))) << page.body;
  EXPECT_TRUE(page.body.contains("organisation"));
  EXPECT_EQ(written(), 0);
  EXPECT_TRUE(std::ranges::none_of(provider.requests(), [](const auto& call) { return call.url.ends_with("/token"); }))
      << "the provider was not asked any more";
}

TEST_F(Organisations, T4WithdrawnWhileThePageWaitsMakesNobody) {
  change_connection("acme", [](model::Connection& connection) {
    connection.upstream.first_contact = {.linking_allowed = true, .creation_allowed = true, .auto_creation = false,
                                         .stated = true};
  });
  const auto arrived = arrive(depart("acme", in(kAcme)), "acme");
  const std::string page = get(std::string(arrived.headers.get("Location")).substr(18)).body;
  std::smatch state, token;
  ASSERT_TRUE(std::regex_search(page, state, std::regex("name=\"state\" value=\"([^\"]+)\"")));
  ASSERT_TRUE(std::regex_search(page, token, std::regex("name=\"token\" value=\"([^\"]+)\"")));
  const Fields create{{"state", state[1]}, {"token", token[1]}, {"action", "create"}, {"email", "ada@idp.example"}};
  withdraw(kAcme, "acme");
  EXPECT_EQ(post("/u/first-contact", create, {{"Origin", "https://id.example"}}).status, 400);
  EXPECT_EQ(count("users"), 0);
  offer(kAcme, "acme");
  EXPECT_TRUE(parameters(post("/u/first-contact", create, {{"Origin", "https://id.example"}})).contains("code"));
  EXPECT_EQ(organisation_of_user("oidc|acme|ada"), kAcme.str());
}

// A scope is the browser's to write: it opens nothing that a list of applications closed.
TEST_F(Organisations, AListOfApplicationsHoldsWhateverTheScopeNames) {
  write([&](db::Transaction& tx) {
    store::ConnectionStore connections(tx, kTenant);
    connections.replace_enabled_clients(id_of(tx, "front"), {ClientId(other_id)});
    connections.enable(id_of(tx, "acme"), ClientId(other_id));
  });
  const std::string refused = "the organisation does not offer this connection";
  for (const auto& [connection, organisation] :
       {std::pair{"front", standard}, {"front", kPlain}, {"acme", kAcme}}) {
    SCOPED_TRACE(connection + organisation.str());
    EXPECT_TRUE(depart(connection, in(organisation))["error_description"].starts_with(refused));
  }
  write([&](db::Transaction& tx) {
    for (const char* name : {"front", "acme"})
      store::ConnectionStore(tx, kTenant).enable(id_of(tx, name), ClientId(client_id));
  });
  EXPECT_TRUE(depart("front", in(standard)).contains("nonce"));
  EXPECT_TRUE(depart("front", in(kPlain)).contains("nonce"));
  EXPECT_TRUE(depart("acme", in(kAcme)).contains("nonce"));
}

TEST_F(Organisations, ThirdPartyApplicationsGetWhatIsAtDomainLevel) {
  change_client(client_id, {{"is_first_party", false}});
  const auto named = [](const model::OrganisationId& organisation) {
    Fields fields = in(organisation);
    fields.emplace_back("code_challenge", std::string(43, 'c'));
    fields.emplace_back("code_challenge_method", "S256");
    return fields;
  };
  const std::string refused = "the organisation does not offer this connection";
  EXPECT_TRUE(depart("acme", named(kAcme))["error_description"].starts_with(refused));
  change_connection("acme", [](model::Connection& connection) { connection.is_domain_connection = true; });
  EXPECT_TRUE(depart("acme", named(kAcme)).contains("nonce"));
  EXPECT_TRUE(depart("acme", named(kPlain))["error_description"].starts_with(refused));
}

// §6.8: whoever asks for an organisation gets its people only.
TEST_F(Organisations, PeopleBelongToTheOrganisationThatWasRequested) {
  offer(kAcme, "front");
  ASSERT_FALSE(code_of("front", {}).empty());
  EXPECT_EQ(organisation_of_user("oidc|front|ada"), "");
  cookies.clear();
  auto refused = parameters(arrive(depart("front", in(kAcme)), "front"));
  EXPECT_EQ(refused["error"], "access_denied");
  EXPECT_TRUE(refused["error_description"].starts_with("the account belongs to another organisation"));
  cookies.clear();
  EXPECT_FALSE(code_of("front", in(standard)).empty()) << "its own, by name";
  cookies.clear();
  subject = "bob";
  ASSERT_FALSE(code_of("front", in(standard)).empty());
  EXPECT_EQ(organisation_of_user("oidc|front|bob"), "") << "the default one, however it is named";
}

// §6.1: the policy is asked again once the person is known, whatever the request names.
TEST_F(Organisations, T4TheirOwnPolicyHoldsForPeopleWhoNameNoOrganisation) {
  offer(kAcme, "front");
  ASSERT_FALSE(code_of("front", in(kAcme)).empty());
  cookies.clear();
  EXPECT_FALSE(code_of("front", {}).empty());
  withdraw(kAcme, "front");
  cookies.clear();
  const auto page = arrive(depart("front"), "front");
  EXPECT_EQ(page.status, 404) << page.headers.get("Location");
  EXPECT_EQ(count("sessions"), 2);
}

TEST_F(Organisations, ASessionIsNoWayAroundThePolicy) {
  ASSERT_FALSE(code_of("acme", in(kAcme)).empty());
  auto again = depart("acme", in(kAcme));
  EXPECT_TRUE(again.contains("code")) << "single sign-on in the organisation";
  EXPECT_EQ(depart("", {{"prompt", "none"}, {"scope", "openid"}})["error"], "login_required");
  EXPECT_EQ(depart("", {{"prompt", "none"}, {"scope", "openid " + kScope + kPlain.str()}})["error"], "login_required");
  withdraw(kAcme, "acme");
  EXPECT_EQ(depart("", {{"prompt", "none"}, {"scope", "openid " + kScope + kAcme.str()}})["error"], "login_required");
}

TEST_F(Organisations, T28TokensEndWithTheOffer) {
  change_client(client_id, {{"grant_types", {"authorization_code", "refresh_token"}}});
  const auto tokens_for = [&](const std::string& code) {
    return boost::json::parse(redeem(code).body).as_object();
  };
  const std::string code = code_of("acme", in(kAcme, " offline_access"));
  const auto tokens = tokens_for(code);
  ASSERT_TRUE(tokens.contains("refresh_token")) << boost::json::serialize(tokens);
  EXPECT_TRUE(std::string(tokens.at("scope").as_string()).contains(kScope + kAcme.str()));
  const auto refresh = [&] {
    return post("/oauth/token", {{"grant_type", "refresh_token"},
                                 {"refresh_token", std::string(tokens.at("refresh_token").as_string())},
                                 {"client_id", client_id},
                                 {"client_secret", client_secret}})
        .status;
  };
  const auto userinfo = [&] {
    return get("/userinfo", {{"Authorization", "Bearer " + std::string(tokens.at("access_token").as_string())}}).status;
  };
  EXPECT_EQ(refresh(), 200);
  EXPECT_EQ(userinfo(), 200);
  const std::string unused = code_of("acme", in(kAcme, " offline_access"));
  withdraw(kAcme, "acme");
  EXPECT_EQ(refresh(), 400);
  EXPECT_EQ(userinfo(), 401);
  EXPECT_TRUE(tokens_for(unused).contains("error"));
}

}  // namespace
}  // namespace symbolon::flows
