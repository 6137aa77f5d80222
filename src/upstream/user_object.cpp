#include "upstream/user_object.h"

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "json/read.h"
#include "upstream/claims_mapping.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using Names = std::initializer_list<std::string_view>;

struct Hit {
  std::string name, value;
};

std::optional<Hit> first_text(const js::object& user, Names names) {
  for (const std::string_view name : names) {
    const auto text = json::find_text(user, name);
    if (text && !trim(*text).empty()) return Hit{std::string(name), std::string(trim(*text))};
  }
  return std::nullopt;
}

class Guess {
 public:
  Guess(const js::object& user, std::vector<MappedAttribute>& trace) : user_(user), trace_(trace) {}

  void text(std::string_view target, Names names) {
    if (auto hit = first_text(user_, names)) put(target, hit->name, js::value(hit->value));
  }

  void truth(std::string_view target, Names names) {
    for (const std::string_view name : names) {
      const js::value* value = user_.if_contains(name);
      if (value == nullptr || value->is_null()) continue;
      const bool yes = (value->is_bool() && value->get_bool()) || (value->is_string() && value->get_string() == "true");
      return put(target, std::string(name), js::value(yes));
    }
  }

  // "Ada King Lovelace": everything before the last blank is the given name.
  void names_from_full_name() {
    const auto full = first_text(user_, {"name"});
    if (!full || found_.contains("given_name") || found_.contains("family_name")) return;
    const auto blank = full->value.rfind(' ');
    if (blank == std::string::npos) return;
    put("given_name", "name", js::value(trim(full->value.substr(0, blank))));
    put("family_name", "name", js::value(full->value.substr(blank + 1)));
  }

  js::object take() { return std::move(found_); }

 private:
  void put(std::string_view target, std::string source, js::value value) {
    trace_.push_back({std::string(target), std::move(source), js::serialize(value), ""});
    found_[target] = std::move(value);
  }

  const js::object& user_;
  std::vector<MappedAttribute>& trace_;
  js::object found_;
};

}  // namespace

js::object guess_attributes(const js::object& user, std::vector<MappedAttribute>& trace) {
  Guess guess(user, trace);
  guess.text("email", {"email"});
  guess.truth("email_verified", {"email_verified", "verified_email"});
  guess.text("given_name", {"given_name", "first_name"});
  guess.text("family_name", {"family_name", "last_name"});
  guess.names_from_full_name();
  guess.text("name", {"name", "display_name", "login"});
  guess.text("nickname", {"nickname"});
  guess.text("picture", {"picture", "avatar_url"});
  guess.text("preferred_username", {"preferred_username", "username", "login"});
  guess.text("locale", {"locale"});
  guess.text("phone_number", {"phone_number"});
  guess.truth("phone_number_verified", {"phone_number_verified"});
  return guess.take();
}

std::string guess_username(const js::object& user) {
  const auto hit = first_text(user, {"preferred_username", "username", "login", "email"});
  return hit ? hit->value : std::string();
}

}  // namespace symbolon::upstream
