#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "flows/world.h"
#include "http/form.h"

namespace symbolon::flows {

/// A browser that reads pages: finds fields and links in their markup.
class LoginPages : public World, public testing::Test {
 protected:
  static std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto start = text.find(before);
    if (start == std::string::npos) return {};
    const auto begin = start + before.size();
    return text.substr(begin, text.find(after, begin) - begin);
  }
  static std::string unescape(std::string text) {
    for (auto at = text.find("&amp;"); at != std::string::npos; at = text.find("&amp;", at + 1)) text.replace(at, 5, "&");
    return text;
  }
  static std::string field(const http::Response& page, const std::string& name) {
    return between(page.body, "name=\"" + name + "\" value=\"", "\"");
  }
  /// The address of the link to a connection.
  static std::string link(const http::Response& page, const std::string& label) {
    for (std::size_t at = 0; (at = page.body.find("<a class=\"button\" href=\"", at)) != std::string::npos; ++at) {
      const std::string one = page.body.substr(at, page.body.find("</a>", at) - at);
      if (one.contains(label)) return unescape(between(one, "href=\"", "\""));
    }
    return {};
  }
  static std::string location(const http::Response& response) {
    std::string target(response.headers.get("Location"));
    const std::string base = "https://id.example";
    return target.starts_with(base) ? target.substr(base.size()) : target;
  }
  static bool is_at_provider(const http::Response& response) {
    return response.headers.get("Location").starts_with("https://idp.example/auth");
  }

  http::Response authorize(Fields more = {}) {
    Fields query{{"client_id", client_id},      {"response_type", "code"}, {"redirect_uri", "https://app.example/cb"},
                 {"scope", "openid email"},     {"state", "app-state"},    {"nonce", "app-nonce"}};
    for (auto& [name, value] : more) {
      std::erase_if(query, [&](const auto& one) { return one.first == name; });
      query.emplace_back(name, value);
    }
    return get("/authorize?" + http::encode_form(query));
  }
  /// The page that a request without a connection ends at.
  http::Response open(Fields more = {}, const Fields& headers = {}) {
    const http::Response redirect = authorize(std::move(more));
    EXPECT_EQ(redirect.status, 302);
    page_url = location(redirect);
    EXPECT_TRUE(page_url.starts_with("/u/")) << page_url;
    return get(page_url, headers);
  }
  http::Response submit(const http::Response& page, const std::string& identifier, const Fields& headers = {}) {
    return post("/u/login/identifier",
                {{"state", field(page, "state")}, {"token", field(page, "token")}, {"identifier", identifier}}, headers);
  }
  void give_domains(const std::string& name, std::vector<std::string> domains) {
    change_connection(name, [&](model::Connection& connection) { connection.domain_aliases = domains; });
  }
  void give_button(const std::string& name, const std::string& display_name) {
    change_connection(name, [&](model::Connection& connection) {
      connection.show_as_button = true;
      connection.display_name = display_name;
    });
  }
  void sign_in(const std::string& connection = "acme") { arrive(depart(connection), connection); }

  std::string page_url;
};

}  // namespace symbolon::flows
