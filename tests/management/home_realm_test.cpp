#include "management/management_test.h"
#include "store/organisation_store.h"

// GET /api/v2/home-realm-discovery: the sign-in page's decision without the page.
namespace symbolon::management {
namespace {

class HomeRealmTest : public ManagementTest {
 protected:
  std::string connect(const std::string& name, const std::string& domains, const std::string& more = "") {
    const std::string id = make_connection(name);
    EXPECT_EQ(patch("/connections/" + id, "{\"options\":" + explicit_options("\"domain_aliases\":[" + domains + "]") + more + "}")
                  .status,
              200);
    enable(id, true);
    return id;
  }
  void enable(const std::string& id, bool enabled) {
    EXPECT_EQ(patch("/connections/" + id + "/clients",
                    R"([{"client_id":")" + client_ + R"(","status":)" + (enabled ? "true" : "false") + "}]")
                  .status,
              204);
  }
  Reply ask(const std::string& identifier = "", const std::string& client = "") {
    return get("/home-realm-discovery?client_id=" + (client.empty() ? client_ : client) +
               (identifier.empty() ? "" : "&identifier=" + identifier));
  }
  static std::string names(const Reply& reply, const std::string& list) {
    std::string found;
    for (const auto& one : reply.at(list).get_array()) found += std::string(one.at("name").get_string()) + " ";
    return found;
  }

  const std::string client_ = make_client("app");
};

TEST_F(HomeRealmTest, SaysWhichPageComesFirst) {
  EXPECT_EQ(ask().at("/outcome"), "none");
  EXPECT_EQ(ask().at("/first_page"), "none");
  const std::string first = make_connection("first");
  enable(first, true);
  EXPECT_EQ(ask().at("/outcome"), "provider");
  EXPECT_EQ(names(ask(), "/connections"), "first ");
  const std::string second = make_connection("second");
  enable(second, true);
  EXPECT_EQ(ask().at("/outcome"), "none") << "neither has a button or a domain";
  EXPECT_EQ(patch("/connections/" + second, R"({"show_as_button":true})").status, 200);
  EXPECT_EQ(ask().at("/first_page"), "buttons");
  EXPECT_EQ(ask().at("/outcome"), "page");
  connect("third", R"("corp.example")");
  EXPECT_EQ(ask().at("/first_page"), "identifier");
}

TEST_F(HomeRealmTest, FollowsAnAddressByItsExactDomain) {
  connect("first", R"("corp.example","shared.example")");
  connect("second", R"("shared.example")");
  const Reply one = ask("Ann@CORP.example");
  EXPECT_EQ(one.at("/outcome"), "provider");
  EXPECT_EQ(one.at("/domain"), "corp.example");
  EXPECT_EQ(names(one, "/connections"), "first ");
  const Reply several = ask("ann@shared.example");
  EXPECT_EQ(several.at("/outcome"), "select");
  EXPECT_EQ(names(several, "/connections"), "first second ");
  EXPECT_EQ(ask("ann@sub.corp.example").at("/outcome"), "not_found");
  EXPECT_EQ(ask("ann").at("/outcome"), "not_found");
  EXPECT_EQ(ask("ann").at("/reason"), "What was typed is not an e-mail address.");
}

TEST_F(HomeRealmTest, NamesWhatHasTheDomainAndIsNotOfferedWithTheReason) {
  connect("first", R"("corp.example")", R"(,"show_as_button":true)");
  const std::string other = connect("other", R"("hidden.example")");
  enable(other, false);
  const Reply reply = ask("ann@hidden.example");
  EXPECT_EQ(reply.at("/outcome"), "not_found");
  EXPECT_EQ(names(reply, "/not_offered"), "other ");
  EXPECT_EQ(reply.at("/not_offered/0/reason"), "The connection is not enabled for the application.");
}

class OrganisationHomeRealmTest : public HomeRealmTest {
 protected:
  OrganisationHomeRealmTest() {
    write([](db::Transaction& tx) {
      for (const auto& [id, is_default] : {std::pair{"100000000000000001", true}, {"100000000000000002", false}}) {
        model::Organisation made;
        made.id = model::OrganisationId(id);
        made.tenant = kTenant;
        made.name = id;
        made.domain_label = id;
        made.is_default = is_default;
        store::OrganisationStore(tx, kTenant).insert(made);
      }
    });
  }
  void give_to(const std::string& connection, const std::string& organisation) {
    write([&](db::Transaction& tx) {
      tx.execute("UPDATE connections SET zitadel_owner = ?2 WHERE id = ?1", {connection, organisation});
    });
  }
  Reply ask_in(const std::string& organisation, const std::string& identifier) {
    return get("/home-realm-discovery?client_id=" + client_ + "&identifier=" + identifier +
               "&scope=openid%20urn:zitadel:iam:org:id:" + organisation);
  }
};

TEST_F(OrganisationHomeRealmTest, ThePolicyOfTheOrganisationDecides) {
  const std::string theirs = connect("theirs", R"("corp.example")");
  const std::string others = connect("others", R"("corp.example")");
  give_to(theirs, "100000000000000002");
  const Reply without = ask("ann@corp.example");
  EXPECT_EQ(names(without, "/connections"), "others ");
  EXPECT_FALSE(without.has("/organization_id"));
  EXPECT_EQ(without.at("/not_offered/0/reason"),
            "Organisation 100000000000000002 owns the connection, and the scope does not name that one.");
  const Reply within = ask_in("100000000000000002", "ann@corp.example");
  EXPECT_EQ(within.at("/organization_id"), "100000000000000002");
  EXPECT_EQ(within.at("/outcome"), "none") << "no policy offers anything yet";
  EXPECT_EQ(within.at("/not_offered/0/reason"),
            "The organisation's login policy, or the instance's where it has none, does not offer the connection.");
  enable(others, false);
  EXPECT_EQ(patch("/connections/" + others + "/clients",
                  R"([{"client_id":")" + make_client("another") + R"(","status":true}])")
                .status,
            204);
  EXPECT_EQ(ask_in("100000000000000002", "ann@corp.example").at("/not_offered/1/reason"),
            "The connection is enabled for other applications, which leaves this one out in every organisation.");
  EXPECT_EQ(ask_in("100000000000000001", "ann@corp.example").at("/not_offered/1/reason"),
            "The connection is not enabled for the application.");
}

TEST_F(OrganisationHomeRealmTest, AnUnknownOrganisationIsOfferedNothing) {
  connect("corp", R"("corp.example")");
  const Reply reply = ask_in("100000000000000009", "ann@corp.example");
  EXPECT_EQ(reply.at("/outcome"), "none");
  EXPECT_EQ(reply.at("/reason"),
            "The application is offered nothing: the organisation that the scope names does not exist.");
}

TEST_F(HomeRealmTest, IsRefusedWithoutScopeClientOrKnownClient) {
  EXPECT_EQ(get("/home-realm-discovery").status, 400);
  EXPECT_EQ(ask("", "nobody").status, 404);
  token_ = token_without("read:connections");
  EXPECT_EQ(ask().status, 403);
}

}  // namespace
}  // namespace symbolon::management
