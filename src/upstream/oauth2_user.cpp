#include "upstream/oauth2_user.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "json/parse.h"
#include "upstream/error_mapping.h"
#include "upstream/hints.h"
#include "upstream/json_literal.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;

constexpr std::size_t kMaxSubject = 200;                  // code points
constexpr double kFirstInexactDouble = 9007199254740992;  // 2^53
constexpr std::size_t kMaxNamesShown = 30;

// A value together with its text.
struct Found {
  js::value value;
  std::string_view text;
};

std::optional<Found> find_member(std::string_view object, std::string_view name) {
  const auto text = member_text(object, name);
  if (!text) return std::nullopt;
  auto value = json::parse(*text);
  return value ? std::optional(Found{std::move(*value), *text}) : std::nullopt;
}

std::optional<Found> find(std::string_view object, const std::string& attribute) {
  if (attribute.empty()) {
    auto id = find_member(object, "id");
    return id ? id : find_member(object, "sub");
  }
  if (auto direct = find_member(object, attribute)) return direct;
  std::optional<Found> at;
  for (const std::string& name : split_words(attribute, ".")) {
    at = find_member(at ? at->text : object, name);
    if (!at) return std::nullopt;
  }
  return at;
}

bool is_integer_literal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

std::string_view kind_of(const js::value& value) {
  switch (value.kind()) {
    case js::kind::null:
      return "null";
    case js::kind::bool_:
      return "true or false";
    case js::kind::array:
      return "an array";
    case js::kind::object:
      return "an object";
    case js::kind::string:
      return "empty text";
    default:
      return "a number with a fraction";
  }
}

std::optional<std::string> subject_of(const Found& found) {
  if (found.value.is_string()) return std::string(found.value.get_string());
  if (!found.value.is_number()) return std::nullopt;
  if (is_integer_literal(found.text)) return std::string(found.text);
  // 1e3 and 1000.0 are the integer 1000 as long as nothing was lost on the way.
  const double* number = found.value.if_double();
  if (number == nullptr || std::trunc(*number) != *number || std::abs(*number) >= kFirstInexactDouble)
    return std::nullopt;
  return std::to_string(static_cast<std::int64_t>(*number));
}

bool is_usable(std::string_view subject) {
  const auto length = count_code_points(subject);
  return !trim(subject).empty() && length && *length <= kMaxSubject && std::ranges::none_of(subject, [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
  });
}

struct Person {
  std::string_view text;
  js::object object;
};

// The object that the answer is, or that a list starts with.
std::expected<Person, std::string> read_person(std::string_view body) {
  auto parsed = json::parse(body);
  if (!parsed) return std::unexpected("the answer is not JSON: " + json::describe(parsed.error()));
  if (parsed->is_object()) return Person{trim(body), std::move(parsed->get_object())};
  const auto text = parsed->is_array() ? first_element_text(body) : std::nullopt;
  auto object = text ? json::parse_object(*text) : std::unexpected(json::ParseError{});
  if (!object) return std::unexpected("the answer is no JSON object");
  return Person{*text, std::move(*object)};
}

std::string names_of(const js::object& object) {
  std::vector<std::string> names;
  for (const auto& member : object)
    if (names.size() < kMaxNamesShown) names.push_back(printable(member.key(), 64));
  return join(names, ", ");
}

UpstreamError failure(std::string check, std::string expected, std::string received, std::string hint) {
  UpstreamError error;
  error.step = "userinfo";
  error.rule = "RP-81";
  error.check = std::move(check);
  error.expected = std::move(expected);
  error.received = std::move(received);
  error.hint = std::move(hint);
  error.downstream = misconfigured();
  return error;
}

}  // namespace

std::expected<OAuth2User, std::string> read_oauth2_user(std::string_view body, const std::string& attribute) {
  const auto person = read_person(body);
  if (!person) return std::unexpected(person.error());

  const std::string name = attribute.empty() ? "id" : attribute;
  const auto found = find(person->text, attribute);
  if (!found) return std::unexpected("idAttribute " + name + " missing; the answer has " + names_of(person->object));
  auto subject = subject_of(*found);
  if (!subject || subject->empty())
    return std::unexpected("idAttribute " + name + " is " + std::string(kind_of(found->value)));
  if (!is_usable(*subject))
    return std::unexpected("idAttribute " + name + " is blank, longer than 200 characters, or has control characters");
  return OAuth2User{std::move(*subject), std::string(person->text)};
}

Task<std::expected<OAuth2User, UpstreamError>> fetch_oauth2_user(std::shared_ptr<const model::Connection> connection,
                                                                 std::shared_ptr<Conversation> conversation,
                                                                 std::string access_token) {
  const model::UpstreamSettings& settings = connection->upstream;
  http::OutboundRequest request;
  request.url = settings.userinfo_endpoint;
  request.headers = {{"Accept", "application/json"},
                     {"Authorization", "Bearer " + access_token},
                     {"User-Agent", "Symbolon"}};  // some APIs refuse requests without one
  auto answer = co_await conversation->send("userinfo", std::move(request));
  if (!answer)
    co_return std::unexpected(
        fetch_error(*connection, "userinfo", "RP-81", "the provider's user endpoint", answer.error()));
  if (answer->status != 200) {
    UpstreamError error = failure("the user endpoint answers", "HTTP 200", "HTTP " + std::to_string(answer->status),
                                  "Check userinfo_url and that the connection's scopes permit to read the profile.");
    error.downstream = unreachable(*connection);
    error.downstream.code = model::OAuthCode::server_error;
    co_return std::unexpected(std::move(error));
  }
  auto user = read_oauth2_user(answer->body, settings.subject_attribute);
  if (!user) {
    conversation->show_body("userinfo", answer->body);
    co_return std::unexpected(failure("the user endpoint's answer names the person",
                                      settings.subject_attribute.empty() ? "id or sub" : settings.subject_attribute,
                                      user.error(),
                                      read_person(answer->body) ? hints::subject_attribute(settings.subject_attribute)
                                                                : hints::unreadable_user()));
  }
  co_return std::move(*user);
}

}  // namespace symbolon::upstream
