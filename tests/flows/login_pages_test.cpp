#include "flows/login_pages.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

TEST_F(LoginPages, ADomainLeadsToItsProviderWithTheAddressAsHint) {
  give_domains("acme", {"corp.example", "corp.example.org"});
  const http::Response page = open();
  EXPECT_TRUE(page_url.starts_with("/u/login/identifier?state="));
  EXPECT_EQ(page.status, 200);
  for (const char* typed : {"ann@corp.example", "  ANN@CORP.EXAMPLE.ORG "}) {
    const http::Response left = submit(page, typed);
    EXPECT_EQ(left.status, 303);
    ASSERT_TRUE(is_at_provider(left)) << typed;
    EXPECT_TRUE(parameters(left).at("login_hint").starts_with(typed[0] == ' ' ? "ANN@" : "ann@"));
  }
  const auto departure = parameters(submit(page, "ann@corp.example"));
  EXPECT_TRUE(parameters(arrive(departure, "acme")).contains("code"));
}

TEST_F(LoginPages, AMissStaysOnAPageThatCanBeUsed) {
  give_domains("acme", {"corp.example"});
  give_button("front", "Front");
  const http::Response page = open();
  for (const char* typed : {"ann@sub.corp.example", "ann@example", "ann@corp.example.evil", "ann@corp.example@evil.example"}) {
    const http::Response again = submit(page, typed);
    EXPECT_EQ(again.status, 200) << typed;
    EXPECT_TRUE(again.body.contains("No sign-in method found for")) << typed;
    EXPECT_FALSE(link(again, "Front").empty());
    EXPECT_TRUE(is_at_provider(submit(again, "ann@corp.example")));
  }
  for (const char* typed : {"", "ann", "@corp.example", "ann@", "ann@corp..example"})
    EXPECT_TRUE(submit(page, typed).body.contains("Enter your email address")) << typed;
}

TEST_F(LoginPages, SeveralConnectionsOfADomainAreAChoiceInOrderOfCreation) {
  give_domains("acme", {"corp.example"});
  give_domains("front", {"corp.example"});
  const http::Response left = submit(open(), "ann@corp.example");
  EXPECT_EQ(left.status, 303);
  ASSERT_TRUE(location(left).starts_with("/u/login/select?state="));
  const http::Response choice = get(location(left));
  EXPECT_TRUE(choice.body.contains("ann@corp.example"));
  EXPECT_LT(choice.body.find("Continue with </span>") == std::string::npos ? choice.body.find("acme") : 0,
            choice.body.find("front"));
  const auto departure = parameters(get(link(choice, "front")));
  EXPECT_EQ(departure.at("login_hint"), "ann@corp.example");
  EXPECT_TRUE(parameters(arrive(departure, "front")).contains("code"));
}

TEST_F(LoginPages, TheApplicationsHintIsInTheFieldAndLeadsNowhereByItself) {
  give_domains("acme", {"corp.example"});
  const http::Response page = open({{"login_hint", "ann@corp.example"}});
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.contains("value=\"ann@corp.example\""));
  EXPECT_EQ(parameters(submit(page, "bob@corp.example")).at("login_hint"), "bob@corp.example");
}

TEST_F(LoginPages, ButtonsAreThoseThatShallShowInTheReadersOrder) {
  add_connection("third", model::Channel::back_channel);
  add_connection("unlisted", model::Channel::back_channel);
  give_button("acme", "Zoo");
  give_button("front", "École");
  give_button("third", "Alpha");
  const http::Response page = open();
  EXPECT_TRUE(page_url.starts_with("/u/login?state="));
  EXPECT_FALSE(page.body.contains("name=\"identifier\""));
  EXPECT_TRUE(page.body.contains("Continue with Alpha"));
  EXPECT_LT(page.body.find("Alpha"), page.body.find("École"));
  EXPECT_LT(page.body.find("École"), page.body.find("Zoo"));
  EXPECT_FALSE(page.body.contains("unlisted"));
  EXPECT_TRUE(is_at_provider(get(link(page, "Zoo"))));
  EXPECT_TRUE(get(page_url, {{"Accept-Language", "fr-CA"}}).body.contains("Continuer avec Alpha"));
}

TEST_F(LoginPages, HR6ASingleConnectionNeedsNoPageUnlessItHasAButton) {
  change_connection("front", [](auto& connection) { connection.authentication_active = false; });
  EXPECT_TRUE(is_at_provider(authorize()));
  give_domains("acme", {"corp.example"});
  EXPECT_TRUE(is_at_provider(authorize()));
  give_button("acme", "Acme");
  EXPECT_TRUE(location(authorize()).starts_with("/u/login/identifier"));
  give_domains("acme", {});
  const http::Response page = open();
  EXPECT_TRUE(page_url.starts_with("/u/login?"));
  EXPECT_TRUE(is_at_provider(get(link(page, "Continue with Acme"))));
  change_client(client_id, {{"auto_redirect_single_connection", true}});
  EXPECT_TRUE(is_at_provider(authorize()));
}

TEST_F(LoginPages, AnAddressThatIsNoneIsAPageForPeopleAndJsonForPrograms) {
  const Fields browser{{"Accept", "text/html,application/xhtml+xml"}, {"Accept-Language", "fr"}};
  for (const char* address : {"/", "/nope", "/login"}) {
    const http::Response page = get(address, browser);
    EXPECT_EQ(page.status, 404) << address;
    EXPECT_TRUE(page.body.contains("<html lang=\"fr\">")) << address;
    EXPECT_TRUE(page.body.contains("href=\"/docs\"")) << address;
    EXPECT_TRUE(get(address).body.contains("\"error\":\"not_found\"")) << address;
    EXPECT_TRUE(get(address, {{"Accept", "application/json"}}).body.starts_with("{")) << address;
  }
  for (const char* address : {"/api/v2/nope", "/admin/v1/nope", "/management/v1/nope"})
    EXPECT_TRUE(get(address, browser).body.starts_with("{")) << address;
}

TEST_F(LoginPages, E8WhereAPageCouldOfferNothingTheApplicationIsTold) {
  const auto told = parameters(authorize());
  EXPECT_EQ(told.at("error"), "invalid_request");
  EXPECT_TRUE(told.at("error_description").contains("has a button or a domain"));
  give_domains("front", {"front.example"});
  EXPECT_TRUE(location(authorize()).starts_with("/u/login/identifier"));
}

TEST_F(LoginPages, AnIncompleteConnectionIsNotOfferedButExplainsItselfWhenNamed) {
  give_domains("acme", {"corp.example"});
  give_button("acme", "Acme");
  give_button("front", "Front");
  submit(open(), "ann@corp.example");  // from now on the last choice
  change_connection("acme", [](auto& connection) {
    connection.status = model::ConnectionStatus::incomplete;
    connection.upstream.missing = {"token_endpoint"};
  });
  change_client(client_id, {{"auto_redirect_single_connection", false}});
  const http::Response page = open();
  EXPECT_FALSE(page.body.contains("Acme"));
  EXPECT_FALSE(page.body.contains("name=\"identifier\"")) << "its domain leads nowhere";
  EXPECT_FALSE(get("/client/" + client_id + ".js").body.contains("acme"));
  EXPECT_TRUE(parameters(authorize({{"connection", "acme"}})).contains("error"));
}

TEST_F(LoginPages, OnlyWhatTheApplicationMayUseIsOffered) {
  give_domains("acme", {"corp.example"});
  give_domains("front", {"other.example"});
  run_task(memory->write([&](db::Transaction& tx) {
    tx.execute("DELETE FROM connection_clients WHERE client_id = ?1 AND connection_id IN"
               " (SELECT id FROM connections WHERE name = 'front')",
               {client_id});
  }));
  give_button("front", "Front");
  give_button("acme", "Acme");
  const http::Response page = open();
  EXPECT_FALSE(page.body.contains("Front"));
  EXPECT_TRUE(submit(page, "ann@other.example").body.contains("No sign-in method"));
  EXPECT_FALSE(is_at_provider(get("/u/login/start?" + http::encode_form({{"state", field(page, "state")},
                                                                         {"connection", "front"}}))));
  EXPECT_TRUE(is_at_provider(get("/u/login/start?" + http::encode_form({{"state", field(page, "state")},
                                                                        {"connection", "acme"}}))));
}

TEST_F(LoginPages, ErrorsGoToTheTenantsOwnPageWhereItHasOne) {
  run_task(memory->write([&](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"error_page\":{\"url\":\"https://help.example/oops?a=1\"}}'");
  }));
  const http::Response refused = get("/authorize?client_id=nobody&ui_locales=fr-CA");
  EXPECT_EQ(refused.status, 302);
  EXPECT_TRUE(refused.headers.get("Location").starts_with("https://help.example/oops?a=1&"));
  const auto shown = parameters(refused);
  EXPECT_EQ(shown.at("error"), "invalid_request");
  EXPECT_EQ(shown.at("lang"), "fr-CA");
  EXPECT_EQ(shown.at("client_id"), "nobody");
  EXPECT_EQ(shown.at("tracking").size(), 9u);
  EXPECT_EQ(parameters(get("/u/login?state=x")).at("error"), "invalid_request");
  EXPECT_EQ(parameters(get("/login/callback?state=x&code=y")).at("error"), "invalid_request");
  run_task(memory->write([&](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"error_page\":{\"url\":\"javascript:alert(1)\"}}'");
  }));
  EXPECT_FALSE(get("/authorize?client_id=nobody").headers.has("Location"));
}

TEST_F(LoginPages, TheLastChoiceIsOfferedAgainToTheSameBrowserWhereItIsAllowed) {
  give_domains("acme", {"corp.example"});
  EXPECT_FALSE(open().body.contains("Last used"));
  submit(open(), "ann@corp.example");
  give_button("front", "Aardvark");
  const http::Response page = open();
  EXPECT_TRUE(page.body.contains("Last used"));
  EXPECT_LT(page.body.find("with acme"), page.body.find("with Aardvark")) << "first, although it has no button";
  EXPECT_TRUE(is_at_provider(get(link(page, "acme"))));
  // With a button it moves to the front all the same, and the others keep their order.
  give_button("acme", "Zulu");
  add_connection("third", model::Channel::back_channel);
  give_button("third", "Mike");
  const http::Response listed = open();
  const auto place = [&](const char* label) { return listed.body.find(std::string("Continue with ") + label); };
  EXPECT_LT(place("Zulu"), place("Aardvark"));
  EXPECT_LT(place("Aardvark"), place("Mike"));
  EXPECT_EQ(listed.body.find("Zulu"), listed.body.rfind("Zulu"));
  EXPECT_TRUE(link(listed, "Zulu").contains("connection=acme"));
  change_connection("acme", [](auto& connection) { connection.authentication_active = false; });
  EXPECT_FALSE(open().body.contains("Last used"));
}

TEST_F(LoginPages, WhoTurnsBackAtTheProviderMayChooseAgain) {
  give_domains("acme", {"corp.example"});
  const auto departure = parameters(submit(open(), "ann@corp.example"));
  const http::Response back = get(
      "/login/callback?" + http::encode_form({{"state", departure.at("state")}, {"error", "access_denied"}}));
  ASSERT_TRUE(location(back).starts_with("/u/login/again?")) << location(back);
  const http::Response page = get(location(back));
  EXPECT_TRUE(page.body.contains("was not finished"));
  EXPECT_TRUE(page.body.contains("id=\"reference\""));
  const auto again = parameters(submit(page, "ann@corp.example"));
  EXPECT_TRUE(parameters(arrive(again, "acme")).contains("code"));
  EXPECT_EQ(get(location(back)).status, 400) << "the page is over with the sign-in";

  // Where the application named the connection there is nothing to choose.
  const auto direct = depart("acme", {{"prompt", "login"}});
  EXPECT_EQ(parameters(get("/login/callback?" + http::encode_form({{"state", direct.at("state")},
                                                                   {"error", "access_denied"}})))
                .at("error"),
            "access_denied");
}

TEST_F(LoginPages, SelectAccountOffersTheSignedInPersonAndAnother) {
  sign_in();
  const http::Response page = open({{"prompt", "select_account"}});
  EXPECT_TRUE(page_url.starts_with("/u/login/select"));
  EXPECT_TRUE(page.body.contains("Continue as ada@idp.example"));
  const http::Response done =
      post("/u/login/select", {{"state", field(page, "state")}, {"token", field(page, "token")}});
  EXPECT_EQ(done.status, 303);
  EXPECT_TRUE(parameters(done).contains("code"));
  EXPECT_EQ(get(page_url).status, 400);

  give_button("acme", "Acme");
  const http::Response again = open({{"prompt", "select_account"}});
  const http::Response other = get(link(again, "Use another account"));
  ASSERT_TRUE(location(other).starts_with("/u/login?state="));
  const http::Response left = get(link(get(location(other)), "Acme"));
  EXPECT_EQ(parameters(left).at("prompt"), "login");
}

TEST_F(LoginPages, T42T49PagesAreNeitherCachedNorFramedAndNameNoForeignHost) {
  give_domains("acme", {"corp.example"});
  const http::Response page = open();
  EXPECT_EQ(page.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(page.headers.get("X-Frame-Options"), "DENY");
  EXPECT_TRUE(page.headers.get("Content-Security-Policy").contains("form-action 'self' https: http:"));
  host = "evil.example";
  EXPECT_FALSE(get(page_url).body.contains("evil.example"));
}

TEST_F(LoginPages, ATooLongRequestIsRefusedWithTheNameOfTheParameter) {
  give_domains("acme", {"corp.example"});
  const auto answer = parameters(authorize({{"connection_scope", std::string(10000, 'a')}}));
  EXPECT_EQ(answer.at("error"), "invalid_request");
  EXPECT_TRUE(answer.at("error_description").contains("connection_scope"));
}

TEST_F(LoginPages, BrandingAndTenantNameAreOnThePage) {
  run_task(memory->write([&](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"friendly_name\":\"Ministry <1>\",\"branding\":{\"logo_url\":"
               "\"https://cdn.example/l.png\",\"colors\":{\"primary\":\"#aa0000\",\"page_background\":\"#eeeeee\"}}}'");
  }));
  give_domains("acme", {"corp.example"});
  const http::Response page = open();
  EXPECT_TRUE(page.body.contains("Log in to Ministry &lt;1&gt;"));
  EXPECT_TRUE(page.body.contains("https://cdn.example/l.png"));
  EXPECT_TRUE(page.body.contains("style.css?primary=aa0000&amp;page=eeeeee"));
  EXPECT_TRUE(get("/u/style.css?primary=aa0000&page=eeeeee").body.contains("--brand: #aa0000"));
}

// AZ-14, §1.8: every page of ours has the tenant's look and the reader's language.
TEST_F(LoginPages, AnswersThatArePagesFollowLanguageBrandingAndTheTenantsErrorPage) {
  run_task(memory->write([&](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"friendly_name\":\"Ministry\",\"branding\":{\"logo_url\":"
               "\"https://cdn.example/l.png\",\"colors\":{\"primary\":\"#aa0000\"}}}'");
  }));
  sign_in();
  const std::string url = "/authorize?" + http::encode_form({{"client_id", client_id},
                                                             {"response_type", "code"},
                                                             {"redirect_uri", "https://app.example/cb"},
                                                             {"scope", "openid"},
                                                             {"connection", "acme"}});
  const http::Response form = get(url + "&response_mode=form_post", {{"Accept-Language", "fr-CA"}});
  EXPECT_TRUE(form.body.contains("<html lang=\"fr-CA\">"));
  EXPECT_TRUE(form.body.contains("Connexion en cours – Ministry"));
  EXPECT_TRUE(form.body.contains("https://cdn.example/l.png"));
  EXPECT_TRUE(form.body.contains("style.css?primary=aa0000"));
  EXPECT_TRUE(get(url + "&response_mode=form_post&ui_locales=en", {{"Accept-Language", "fr-CA"}})
                  .body.contains("<html lang=\"en\">"));

  // The callback goes while the person is at the provider.
  const auto departure = depart("acme", {{"prompt", "login"}});
  change_client(client_id, {{"callbacks", json::array{"https://app.example/other"}}});
  const http::Response late = arrive(departure, "acme");
  EXPECT_EQ(late.status, 403);
  EXPECT_TRUE(late.body.contains("Callback URL mismatch – Ministry"));
  EXPECT_TRUE(late.body.contains("id=\"reference\""));
  run_task(memory->write([&](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"error_page\":{\"url\":\"https://help.example/oops\"}}'");
  }));
  const http::Response elsewhere = get(url, {{"Accept-Language", "fr"}});
  EXPECT_TRUE(elsewhere.headers.get("Location").starts_with("https://help.example/oops?lang=fr"));
}

// Design §1: every failed login explains itself, and design §2 rule 1: one that anybody can cause costs no row.
TEST_F(LoginPages, EveryReferenceOnAPageLeadsToAnExplanation) {
  give_domains("acme", {"corp.example"});
  const http::Response page = open();
  const auto rule_of = [&](const http::Response& shown) {
    const auto event =
        endpoints->recent_failures.find(TenantId("default"), between(shown.body, "id=\"reference\">", "<"));
    return event ? std::string(json::parse(event->details).at("rule").get_string()) : "nothing found";
  };
  EXPECT_EQ(rule_of(get("/authorize?client_id=nobody")), "E1");
  EXPECT_EQ(rule_of(get("/authorize?response_type=code&client_id=" + client_id + "&redirect_uri=https%3A%2F%2Fevil.example")),
            "E2");
  EXPECT_EQ(rule_of(get("/login/callback?state=x&code=y")), "RP-43");
  EXPECT_EQ(rule_of(get("/u/login?state=x")), "E11");
  change_client(client_id, {{"is_first_party", false}});
  EXPECT_EQ(rule_of(authorize({{"response_mode", "web_message"}})), "RM-3");
  EXPECT_EQ(count("log_events"), 0);

  // Whoever left from a page of ours has its cookie: such an explanation is stored.
  change_client(client_id, {{"is_first_party", true}});
  change_connection("acme", [](auto& connection) { connection.upstream.missing = {"token_endpoint"}; });
  EXPECT_TRUE(parameters(submit(page, "ann@corp.example")).contains("error"));
  EXPECT_EQ(count("log_events"), 1);
}

TEST_F(LoginPages, EnabledLocalesAreTheLanguagesOfPagesAndOfTheDiscoveryDocument) {
  const auto discovered = [&] {
    return json::parse(get("/.well-known/openid-configuration").body).at("ui_locales_supported");
  };
  EXPECT_EQ(discovered(), (json::array{"en", "fr", "fr-CA"}));
  give_domains("acme", {"corp.example"});
  run_task(memory->write(
      [&](db::Transaction& tx) { tx.execute("UPDATE tenants SET doc = '{\"enabled_locales\":[\"fr-CA\"]}'"); }));
  EXPECT_EQ(discovered(), (json::array{"fr-CA"}));
  EXPECT_TRUE(open({{"ui_locales", "en"}}, {{"Accept-Language", "en"}}).body.contains("<html lang=\"fr-CA\">"));
}

}  // namespace
}  // namespace symbolon::flows
