#include "management/management_test.h"

// What every operation does before its handler runs (management-api §1.2–§1.5).
namespace symbolon::management {
namespace {

using testing::HasSubstr;

class FrameTest : public ManagementTest {
 protected:
  Reply with_header(const std::string& authorization) {
    http::Headers headers;
    if (!authorization.empty()) headers.set("Authorization", authorization);
    return send_raw("GET", "/connections", "", std::move(headers));
  }
  Reply with_body(const std::string& body, const std::string& type) {
    http::Headers headers;
    headers.set("Authorization", "Bearer " + full_token().text());
    if (!type.empty()) headers.set("Content-Type", type);
    return send_raw("POST", "/connections", body, std::move(headers));
  }
};

TEST_F(FrameTest, RefusesWhoDoesNotShowAToken) {
  const struct {
    const char* header;
    int status;
    const char* message;
    const char* code;
  } kRows[] = {
      {"", 401, "Missing authentication", nullptr},
      {"Bearer", 400, "Bad HTTP authentication header format", "Bearer"},
      {"Bearer ", 400, "Bad HTTP authentication header format", "Bearer"},
      {"Basic YTpi", 400, "Bad HTTP authentication header format", "Bearer"},
      {"bearerabc", 400, "Bad HTTP authentication header format", "Bearer"},
      {"Bearer abc", 401, "Invalid token", nullptr},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.header);
    const Reply reply = with_header(row.header);
    EXPECT_EQ(reply.status, row.status);
    EXPECT_EQ(reply.at("/statusCode"), row.status);
    EXPECT_EQ(reply.message(), row.message);
    EXPECT_EQ(reply.has("/errorCode"), row.code != nullptr);
    if (row.code != nullptr) EXPECT_EQ(reply.at("/errorCode"), row.code);
  }
}

TEST_F(FrameTest, AnInvalidTokenIsNamedInAHeaderAndAttributes) {
  const Reply reply = with_header("Bearer abc");
  EXPECT_EQ(reply.at("/attributes/error"), "Invalid token");
  EXPECT_EQ(reply.headers.get("WWW-Authenticate"), "Bearer error=\"invalid_token\"");
  EXPECT_FALSE(with_header("").has("/attributes"));
}

TEST_F(FrameTest, TheSchemeIsComparedWithoutCase) {
  EXPECT_EQ(with_header("bEARER " + full_token().text()).status, 200);
}

TEST_F(FrameTest, ATokenInTheQueryIsNone) {
  EXPECT_EQ(send_raw("GET", "/connections?access_token=" + full_token().text(), "", {}).status, 401);
}

TEST_F(FrameTest, NamesTheMissingScopeInTheTextThatToolsParse) {
  const Reply one = send({"GET", "/connections", "", token_without("read:connections"), {}});
  EXPECT_EQ(one.status, 403);
  EXPECT_EQ(one.at("/error"), "Forbidden");
  EXPECT_EQ(one.at("/errorCode"), "insufficient_scope");
  EXPECT_EQ(one.message(), "Insufficient scope, expected any of: read:connections");

  const Reply several = send({"GET", "/clients", "", token_with({"read:users"}), {}});
  EXPECT_EQ(several.message(),
            "Insufficient scope, expected any of: "
            "read:clients,read:client_keys,read:client_credentials,read:client_summary");
}

TEST_F(FrameTest, EveryOperationAsksForItsScope) {
  for (const ContractOperation& operation : contract().operations()) {
    SCOPED_TRACE(operation.id);
    std::string path = operation.path;
    if (const auto brace = path.find("{id}"); brace != std::string::npos) path.replace(brace, 4, "con_0123456789abcdef");
    const Reply reply =
        send({std::string(to_string(operation.method)), path, "", token_with({"read:nothing"}), {}});
    EXPECT_EQ(reply.status, 403);
    EXPECT_THAT(reply.message(), HasSubstr(operation.scopes.at(0).at(0)));
  }
}

TEST_F(FrameTest, TakesJsonUnderTheMediaTypesThatPeopleSendItWith) {
  const std::string body = R"({"strategy":"oidc","name":"NAME","options":)" + explicit_options() + "}";
  int number = 0;
  for (const char* type : {"application/json", "application/json; charset=utf-8", "",
                           "application/x-www-form-urlencoded", "text/plain"}) {
    SCOPED_TRACE(type);
    std::string own = body;
    own.replace(own.find("NAME"), 4, "n" + std::to_string(++number));
    EXPECT_EQ(with_body(own, type).status, 201);
  }
}

TEST_F(FrameTest, RefusesBodiesThatAreNotWhatTheyShouldBe) {
  std::string long_body = R"({"name":")";
  long_body.append(1 << 20, 'x');
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += R"({"a":)";
  const struct {
    const char* name;
    std::string body, type;
    int status;
    const char* message;
  } kRows[] = {
      {"cut", "{", "application/json", 400, "Invalid request payload JSON format"},
      {"deep", deep, "application/json", 400, "Invalid request payload JSON format"},
      {"two values", "{} {}", "application/json", 400, "Invalid request payload JSON format"},
      {"not UTF-8", "{\"name\":\"\xff\"}", "application/json", 400, "Invalid request payload JSON format"},
      {"empty", "", "application/json", 400, "Payload validation error: 'Missing body'."},
      {"an array", "[]", "application/json", 400,
       "Payload validation error: 'Expected type object but found type array'."},
      {"null", "null", "application/json", 400,
       "Payload validation error: 'Expected type object but found type null'."},
      {"XML", "<a/>", "text/xml", 415, "Send the body as JSON with Content-Type: application/json."},
      {"a form", "name=x", "application/x-www-form-urlencoded", 415,
       "Send the body as JSON with Content-Type: application/json."},
      {"long", long_body + "\"}", "application/json", 413, "The body is longer than 1 MiB."},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Reply reply = with_body(row.body, row.type);
    EXPECT_EQ(reply.status, row.status);
    EXPECT_EQ(reply.message(), row.message);
  }
}

TEST_F(FrameTest, TheLastOfTwoMembersCounts) {
  const Reply reply = with_body(R"({"strategy":"okta","strategy":"oidc","name":"twice","options":)" +
                                    explicit_options() + "}",
                                "application/json");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.at("/strategy"), "oidc");
}

TEST_F(FrameTest, ChecksTheQuery) {
  const struct {
    const char* query;
    const char* reason;
  } kRows[] = {
      {"per_page=101", "Value 101 is greater than maximum 100' on property per_page (Number of results per page)"},
      {"per_page=0", "Value 0 is less than minimum 1' on property per_page"},
      {"page=-1", "Value -1 is less than minimum 0' on property page"},
      {"page=99999999999999999999", "Expected type integer but found type string' on property page"},
      {"page=9223372036854775807", "is greater than maximum"},
      {"take=0", "Value 0 is less than minimum 1' on property take"},
      {"take=ten", "Expected type integer but found type string' on property take"},
      {"include_totals=yes", "Expected type boolean but found type string' on property include_totals"},
      {"strategy=oidc&strategy=nonsense", "No enum match for: \"nonsense\"' on property strategy"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.query);
    const Reply reply = get(std::string("/connections?") + row.query);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.at("/errorCode"), "invalid_query_string");
    EXPECT_THAT(reply.message(), testing::StartsWith("Query validation error: '"));
    EXPECT_THAT(reply.message(), HasSubstr(row.reason));
  }
  EXPECT_EQ(get("/connections?include_totals=true&unheard_of=1").status, 200);
  EXPECT_EQ(get("/users-by-email").message(),
            "Query validation error: 'Missing required property: email' on property email "
            "(Email address to search for, compared without regard to case).");
  EXPECT_EQ(get("/connections?name=%zz").status, 400);
}

TEST_F(FrameTest, ChecksThePath) {
  const Reply reply = get("/clients/" + std::string(65, 'x'));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.at("/errorCode"), "invalid_uri");
  EXPECT_EQ(reply.message(), "Path validation error: 'Object didn't pass validation for format client-id: " +
                                 std::string(65, 'x') + "' on property id (ID of the client).");
}

TEST_F(FrameTest, ScopeComesBeforePathAndBodyAndBodyBeforeExistence) {
  const Token nobody = token_with({"read:nothing"});
  EXPECT_EQ(send({"PATCH", "/clients/" + std::string(65, 'x'), "{", nobody, {}}).status, 403);
  EXPECT_EQ(patch("/clients/" + std::string(65, 'x'), "{").at("/errorCode"), "invalid_uri");
  EXPECT_EQ(patch("/clients/unknown", R"({"surprise":1})").status, 400);
  EXPECT_EQ(patch("/clients/unknown", R"({"name":"x"})").status, 404);
}

class TightRateTest : public ManagementTest {
 protected:
  TightRateTest() : ManagementTest({.tenant = {.per_second = 2, .burst = 3}, .client = ApiRates().client}) {}
};

TEST_F(TightRateTest, RefusesBeyondTheBurstAndSaysWhenToComeBack) {
  for (int left = 2; left >= 0; --left) {
    const Reply reply = get("/connections");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.headers.get("x-ratelimit-limit"), "3");
    EXPECT_EQ(reply.headers.get("x-ratelimit-remaining"), std::to_string(left));
    EXPECT_FALSE(reply.headers.has("Retry-After"));
  }
  const Reply refused = get("/connections");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.at("/errorCode"), "too_many_requests");
  EXPECT_EQ(refused.message(), "Global limit has been reached");
  EXPECT_EQ(refused.headers.get("Retry-After"), "1");
  EXPECT_EQ(refused.headers.get("x-ratelimit-reset"), std::to_string(to_epoch_seconds(clock_.now()) + 2));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(get("/connections").status, 200);
}

TEST_F(TightRateTest, ARefusedWriteHasWrittenNothing) {
  for (int i = 0; i < 3; ++i) get("/connections");
  EXPECT_EQ(post("/clients", R"({"name":"late"})").status, 429);
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(get("/clients?include_totals=true&is_global=false").at("/total"), 0);
}

TEST_F(TightRateTest, StrangersDoNotEmptyTheBucketAndTenantsHaveTheirOwn) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send_raw("GET", "/connections", "", {}).status, 401);
  EXPECT_EQ(get("/connections").headers.get("x-ratelimit-remaining"), "2");
  for (int i = 0; i < 3; ++i) get("/connections");
  EXPECT_EQ(get("/connections").status, 429);
  EXPECT_EQ(send({"GET", "/connections", "", full_token(kOtherTenant), {}}).status, 200);
}

class TightClientRateTest : public ManagementTest {
 protected:
  TightClientRateTest() : ManagementTest({.tenant = {.per_second = 5, .burst = 6}, .client = {.per_second = 1, .burst = 2}}) {}
};

TEST_F(TightClientRateTest, AClientThatAsksTooMuchLeavesTheOthersTheirShare) {
  EXPECT_EQ(get("/connections").headers.get("x-ratelimit-limit"), "2") << "the nearer end is told";
  EXPECT_EQ(get("/connections").status, 200);
  for (int i = 0; i < 10; ++i) {
    const Reply refused = get("/connections");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.get("x-ratelimit-limit"), "2");
    EXPECT_EQ(refused.headers.get("Retry-After"), "1");
  }
  Token other = full_token();
  for (const char* client : {"second", "third"}) {
    other.client = client;
    for (int i = 0; i < 2; ++i) EXPECT_EQ(send({"GET", "/connections", "", other, {}}).status, 200) << client;
  }
  other.client = "fourth";
  const Reply refused = send({"GET", "/connections", "", other, {}});
  EXPECT_EQ(refused.status, 429) << "the tenant's own end";
  EXPECT_EQ(refused.headers.get("x-ratelimit-limit"), "6");
}

TEST_F(TightClientRateTest, IsWrittenDownOnceAMinute) {
  for (int i = 0; i < 12; ++i) get("/connections");
  EXPECT_THAT(logged(), testing::ElementsAre("api_limit: Global limit has been reached"));
  Token other = full_token();
  other.client = "second";
  for (int i = 0; i < 4; ++i) send({"GET", "/connections", "", other, {}});
  EXPECT_EQ(logged().size(), 2u) << "each client has its own";
  other.client = "reader";
  const Reply events = send({"GET", "/logs", "", other, {}});
  EXPECT_EQ(events.at("/1/client_id"), "caller");
  EXPECT_EQ(events.at("/1/details/request/path"), "/api/v2/connections");
  clock_.advance(std::chrono::seconds(61));
  for (int i = 0; i < 4; ++i) get("/connections");
  EXPECT_EQ(logged().size(), 3u);
}

// Management-api R-3: as many as Auth0 allows, and a Retry-After that SDKs can wait for.
TEST_F(FrameTest, SomeEndpointsHaveLimitsOfTheirOwn) {
  const std::string path = "/connections/" + make_connection("watched") + "/status";
  for (int i = 0; i < 15; ++i) EXPECT_EQ(get(path).status, 200);
  const Reply refused = get(path);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.at("/errorCode"), "too_many_requests");
  EXPECT_EQ(refused.headers.get("x-ratelimit-limit"), "15");
  EXPECT_EQ(refused.headers.get("x-ratelimit-remaining"), "0");
  EXPECT_EQ(refused.headers.get("Retry-After"), "1");
  EXPECT_EQ(get("/connections").headers.get("x-ratelimit-limit"), "20000") << "the rest goes on";
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(get(path).status, 200);
}

}  // namespace
}  // namespace symbolon::management
