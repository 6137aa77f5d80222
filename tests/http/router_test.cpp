#include "http/router.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace symbolon::http {
namespace {

Task<Response> answer(Request) { co_return Response{}; }

Router router(std::vector<std::pair<Method, std::string>> patterns) {
  std::vector<Route> routes;
  for (auto& [method, pattern] : patterns) routes.push_back({method, std::move(pattern), answer});
  return Router(std::move(routes));
}

const Router& table() {
  static const Router kTable = router({
      {Method::get, "/"},
      {Method::get, "/connections"},
      {Method::post, "/connections"},
      {Method::post, "/connections/probe"},
      {Method::get, "/connections/{id}"},
      {Method::del, "/connections/{id}"},
      {Method::get, "/connections/{id}/clients"},
      {Method::get, "/connections/special/{name}/x"},
      {Method::get, "/{a}/{b}/{c}/{d}"},
      {Method::get, "/slash/"},
  });
  return kTable;
}

/// The pattern and parameters that a request reaches, or why it reaches none.
std::string reach(Method method, std::string_view path) {
  const Router::Result result = table().find(method, path);
  if (const auto* wrong = std::get_if<Router::WrongMethod>(&result)) {
    std::string text = "405";
    for (const Method allowed : wrong->allowed) text += " " + std::string(to_string(allowed));
    return text;
  }
  if (std::holds_alternative<Router::NotFound>(result)) return "404";
  if (std::holds_alternative<Router::BadEscape>(result)) return "400";
  const auto& match = std::get<Router::Match>(result);
  std::string text = std::string(to_string(match.route->method)) + " " + match.route->pattern;
  for (const auto& [name, value] : match.parameters) text += " " + name + "=" + value;
  return text;
}

TEST(Router, FindsByMethodAndPath) {
  EXPECT_EQ(reach(Method::get, "/"), "GET /");
  EXPECT_EQ(reach(Method::post, "/connections"), "POST /connections");
  EXPECT_EQ(reach(Method::get, "/connections/con_1"), "GET /connections/{id} id=con_1");
  EXPECT_EQ(reach(Method::get, "/connections/con_1/clients"), "GET /connections/{id}/clients id=con_1");
}

TEST(Router, AnswersHeadByGet) {
  EXPECT_EQ(reach(Method::head, "/connections/con_1"), "GET /connections/{id} id=con_1");
  EXPECT_EQ(reach(Method::head, "/connections/probe"), "GET /connections/{id} id=probe");
}

TEST(Router, LiteralWinsOverParameter) {
  EXPECT_EQ(reach(Method::post, "/connections/probe"), "POST /connections/probe");
  EXPECT_EQ(reach(Method::get, "/connections/special/n/x"), "GET /connections/special/{name}/x name=n");
}

TEST(Router, GoesBackToAParameterWhenTheLiteralEndsInNothing) {
  EXPECT_EQ(reach(Method::get, "/connections/special/n/y"), "GET /{a}/{b}/{c}/{d} a=connections b=special c=n d=y");
  EXPECT_EQ(reach(Method::del, "/connections/probe"), "DELETE /connections/{id} id=probe");
}

TEST(Router, SplitsBeforeDecodingAndDecodesOnce) {
  EXPECT_EQ(reach(Method::get, "/connections/a%2Fb"), "GET /connections/{id} id=a/b");
  EXPECT_EQ(reach(Method::get, "/connections/a%252Fb"), "GET /connections/{id} id=a%2Fb");
  EXPECT_EQ(reach(Method::get, "/connections/a+b"), "GET /connections/{id} id=a+b");
  EXPECT_EQ(reach(Method::get, "/%63onnections"), "GET /connections");
  EXPECT_EQ(reach(Method::get, "/connections%2Fcon_1"), "404");
}

TEST(Router, RefusesBadEscapes) {
  for (const char* path :
       {"/connections/%", "/connections/%2", "/connections/%zz", "/connections/%00", "/connections/%ff"})
    EXPECT_EQ(reach(Method::get, path), "400") << path;
}

TEST(Router, NamesTheMethodsThatWouldWork) {
  EXPECT_EQ(reach(Method::put, "/connections"), "405 GET POST");
  EXPECT_EQ(reach(Method::put, "/connections/probe"), "405 POST GET DELETE");
  EXPECT_EQ(reach(Method::other, "/"), "405 GET");
}

TEST(Router, KnowsNothingElse) {
  for (const char* path : {"", "*", "connections", "/connections/", "/connections//clients", "/Connections", "//",
                           "/slash", "/connections/con_1/clients/x/y", "/connections/../connections/x/y"})
    EXPECT_EQ(reach(Method::get, path), "404") << path;
  EXPECT_EQ(reach(Method::get, "/slash/"), "GET /slash/");
  EXPECT_EQ(reach(Method::get, std::string(200'000, '/')), "404");
}

TEST(Router, ThrowsForATableThatIsWrong) {
  for (const char* pattern : {"", "x", "/{}", "/{a", "/a}", "/a{b}", "/{a}b", "/{{a}}", "/a?b", "/%41"})
    EXPECT_THROW(router({{Method::get, pattern}}), std::logic_error) << pattern;
  EXPECT_THROW(router({{Method::get, "/a/{b}"}, {Method::get, "/a/{c}"}}), std::logic_error);
  EXPECT_THROW(Router({Route{Method::get, "/a", nullptr}}), std::logic_error);
  EXPECT_NO_THROW(router({{Method::get, "/a/{b}"}, {Method::post, "/a/{c}"}}));
}

}  // namespace
}  // namespace symbolon::http
