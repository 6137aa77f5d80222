#include "flows/login_pages.h"

// What a form of the sign-in pages is worth: to another browser, too often, too late, out of turn.
namespace symbolon::flows {
namespace {

struct Spoiled {
  const char* name;
  void (*spoil)(Fields& form, Fields& headers);
};

// SEC-35: the form works as it is, and with one thing wrong it does nothing.
TEST_F(LoginPages, SEC35AFormThatIsNotOursDoesNothing) {
  give_domains("acme", {"corp.example"});
  const http::Response page = open();
  const Fields good{{"state", field(page, "state")}, {"token", field(page, "token")}, {"identifier", "a@corp.example"}};
  EXPECT_TRUE(is_at_provider(post("/u/login/identifier", good, {{"Origin", "https://id.example"}})));
  EXPECT_TRUE(is_at_provider(post("/u/login/identifier", good, {{"Origin", "null"}, {"Sec-Fetch-Site", "same-origin"}})));
  const Spoiled kSpoiled[] = {
      {"no token", [](Fields& form, Fields&) { form[1].second = ""; }},
      {"changed token", [](Fields& form, Fields&) { form[1].second[5] ^= 1; }},
      {"foreign origin", [](Fields&, Fields& headers) { headers = {{"Origin", "https://evil.example"}}; }},
      {"origin with our name inside", [](Fields&, Fields& headers) { headers = {{"Origin", "https://id.example.evil"}}; }},
      {"sandboxed frame", [](Fields&, Fields& headers) { headers = {{"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}}; }},
  };
  for (const Spoiled& row : kSpoiled) {
    Fields form = good, headers;
    row.spoil(form, headers);
    const http::Response answer = post("/u/login/identifier", form, headers);
    EXPECT_EQ(answer.status, 403) << row.name;
    EXPECT_FALSE(is_at_provider(answer)) << row.name;
  }
  // A token of another sign-in, and another browser.
  const http::Response other = open();
  EXPECT_EQ(post("/u/login/identifier", {good[0], {"token", field(other, "token")}, good[2]}).status, 403);
  const auto kept = cookies;
  cookies.clear();
  EXPECT_FALSE(is_at_provider(post("/u/login/identifier", good)));
  cookies = kept;
  EXPECT_TRUE(is_at_provider(post("/u/login/identifier", good)));
  clock.advance(std::chrono::hours(2));
  EXPECT_EQ(post("/u/login/identifier", good).status, 400);
}

TEST_F(LoginPages, AReloadAfterAMissShowsThePageAgain) {
  give_domains("acme", {"corp.example"});
  give_domains("front", {"corp.example"});
  const http::Response page = open();
  const std::string action = unescape(between(page.body, "<form method=\"post\" action=\"", "\""));
  EXPECT_EQ(submit(page, "ann@nobody.example").status, 200);
  const http::Response again = get(action);
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(again.body.contains("name=\"identifier\""));
  // What the form says is about the form's sign-in, whatever the address says.
  http::Request request;
  request.method = http::Method::post;
  request.path = "/u/login/identifier";
  request.query = "state=other";
  request.body = http::encode_form(
      {{"state", field(page, "state")}, {"token", field(page, "token")}, {"identifier", "a@corp.example"}});
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  EXPECT_EQ(send(std::move(request)).status, 303);
}

TEST_F(LoginPages, HR5SubmissionsAreLimitedForEachAddress) {
  give_domains("acme", {"corp.example"});
  const http::Response page = open();
  for (int i = 0; i < 30; ++i) EXPECT_EQ(submit(page, "ann@nobody.example").status, 200) << i;
  const http::Response refused = submit(page, "ann@corp.example");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("Retry-After"), "2");
  EXPECT_FALSE(page.headers.has("Retry-After"));
  clock.advance(std::chrono::seconds(2));
  EXPECT_TRUE(is_at_provider(submit(page, "ann@corp.example")));
}

TEST_F(LoginPages, HR5SubmissionsAreLimitedForEachSignInFromWhereverTheyCome) {
  give_domains("acme", {"corp.example"});
  give_domains("front", {"front.example"});
  const http::Response page = open();
  const auto submit_from = [&](int host) {
    http::Request request;
    request.method = http::Method::post;
    request.path = "/u/login/identifier";
    request.body = http::encode_form(
        {{"state", field(page, "state")}, {"token", field(page, "token")}, {"identifier", "ann@nobody.example"}});
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.client_address = "198.51.100." + std::to_string(host);
    return send(std::move(request)).status;
  };
  for (int i = 0; i < 30; ++i) EXPECT_EQ(submit_from(i), 200) << i;
  EXPECT_EQ(submit_from(30), 429);
  EXPECT_TRUE(is_at_provider(submit(open(), "ann@corp.example"))) << "another sign-in is another count";
}

TEST_F(LoginPages, NothingIsWrittenWhateverAPersonTries) {
  give_domains("acme", {"corp.example"});
  const auto before = db.statistics().units_written;
  for (int i = 0; i < 10; ++i) submit(open(), i % 2 ? "ann@corp.example" : "ann@nobody.example");
  EXPECT_EQ(db.statistics().units_written, before);
}

TEST_F(LoginPages, HR8APageWithoutASignInOfThisBrowserLeadsToWhereOneStarts) {
  give_domains("acme", {"corp.example"});
  open();
  const std::string url = page_url;
  for (const std::string& target :
       {std::string("/u/login"), std::string("/u/login/identifier?state=x"), std::string("/u/login/select"),
        std::string("/u/login/start?connection=acme"), std::string("/u/login/other"), std::string("/u/consent")}) {
    const http::Response answer = get(target);
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_FALSE(answer.headers.has("Location")) << target;
  }
  cookies.clear();
  EXPECT_EQ(get(url).status, 400);
  run_task(memory->write([&](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"default_redirection_uri\":\"https://app.example/login\"}'");
  }));
  const http::Response check = get(url);
  EXPECT_EQ(check.headers.get("Location"), "https://id.example/login/resume?cookie_check=1");
  EXPECT_EQ(get("/login/resume?cookie_check=1").headers.get("Location"),
            "https://app.example/login?iss=https%3A%2F%2Fid.example%2F");
  EXPECT_EQ(get(url).headers.get("Location"), "https://app.example/login?iss=https%3A%2F%2Fid.example%2F")
      << "a browser that brings cookies keeps them";

  // E12: one that keeps none is not sent back and forth between us and the application.
  cookies.clear();
  const http::Response stuck = get("/login/resume?cookie_check=1");
  EXPECT_EQ(stuck.status, 400);
  EXPECT_FALSE(stuck.headers.has("Location"));
}

TEST_F(LoginPages, T50APageThatWaitedTooLongIsOver) {
  give_domains("acme", {"corp.example"});
  const http::Response page = open();
  clock.advance(std::chrono::minutes(59));
  EXPECT_TRUE(is_at_provider(submit(page, "ann@corp.example")));
  clock.advance(std::chrono::minutes(2));
  EXPECT_EQ(submit(page, "ann@corp.example").status, 400);
}

TEST_F(LoginPages, TheAccountPageIsWorthNothingToAnotherPersonOrWithoutItsForm) {
  sign_in();
  const http::Response page = open({{"prompt", "select_account"}});
  EXPECT_EQ(post("/u/login/select", {{"state", field(page, "state")}, {"token", "x"}}).status, 403);
  EXPECT_EQ(post("/u/login/select", {{"state", field(page, "state")}, {"token", field(page, "token")}},
                 {{"Origin", "https://evil.example"}})
                .status,
            403);
  subject = "bob";
  arrive(depart("acme", {{"prompt", "login"}}), "acme");
  EXPECT_EQ(post("/u/login/select", {{"state", field(page, "state")}, {"token", field(page, "token")}}).status, 400);
}

TEST_F(LoginPages, AStepIsNotTakenForAnother) {
  give_domains("acme", {"corp.example"});
  const std::string state = field(open(), "state");
  for (const char* path : {"/u/consent?state=", "/u/login/other?state="}) EXPECT_EQ(get(path + state).status, 400) << path;
  sign_in();
  const std::string account = field(open({{"prompt", "select_account"}}), "state");
  for (const char* path : {"/u/login/identifier?state=", "/u/login?state=", "/u/login/start?connection=acme&state=",
                           "/u/consent?state="})
    EXPECT_EQ(get(path + account).status, 400) << path;
}

}  // namespace
}  // namespace symbolon::flows
