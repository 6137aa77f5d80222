#include "oidc/claims_parameter.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "json/parse.h"
#include "json/read.h"
#include "oidc/user_claims.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

constexpr json::Limits kLimits{.bytes = kMaxClaimsBytes, .depth = 8};

std::unexpected<std::string> refuse(std::string why) { return std::unexpected("claims " + std::move(why)); }

// How one claim was asked for.
struct Wish {
  bool essential = false;
  std::optional<std::vector<std::string>> values;  ///< of value and values
  bool all_texts = true;                           ///< else `values` lacks those that are none
};

std::expected<Wish, std::string> read_wish(const bj::value& asked) {
  if (asked.is_null()) return Wish{};
  const bj::object* members = asked.if_object();
  if (!members) return refuse("asks for a claim with something else than null or an object");
  const auto essential = json::read_bool(*members, "essential");
  if (!essential) return refuse("has an essential that is neither true nor false");
  Wish wish;
  wish.essential = essential->value_or(false);
  const auto several = json::read_array(*members, "values");
  if (!several || (*several && (*several)->empty())) return refuse("has values that are no list, or an empty one");
  bj::array all = *several ? **several : bj::array();
  if (const bj::value* one = members->if_contains("value")) all.push_back(*one);
  if (all.empty()) return wish;
  wish.values.emplace();
  for (const bj::value& value : all) {
    if (value.is_string()) wish.values->emplace_back(value.get_string());
    wish.all_texts = wish.all_texts && value.is_string();
  }
  return wish;
}

void narrow(std::optional<std::vector<std::string>>& subjects, std::vector<std::string> named) {
  if (subjects) std::erase_if(named, [&](const std::string& one) { return !contains(*subjects, one); });
  subjects = std::move(named);
}

std::expected<std::vector<std::string>, std::string> read_section(const bj::object& section, ClaimsParameter& out,
                                                                  bool of_id_token) {
  std::vector<std::string> names;
  for (const auto& [key, asked] : section) {
    const std::string_view name(key.data(), key.size());
    auto wish = read_wish(asked);
    if (!wish) return std::unexpected(std::move(wish.error()));
    if (is_requestable_claim(name)) names.emplace_back(name);
    if (!wish->values || (name != "sub" && name != "acr")) continue;
    // Whoever is meant by it, no user and no acr of ours is a number.
    if (!wish->all_texts) return refuse("has a value for " + std::string(name) + " that is no text");
    if (name == "sub") {
      narrow(out.subjects, std::move(*wish->values));
    } else if (of_id_token) {
      (wish->essential ? out.required_acr : out.wished_acr) = std::move(*wish->values);
    }
  }
  return names;
}

}  // namespace

std::expected<ClaimsParameter, std::string> parse_claims_parameter(std::string_view text) {
  const auto document = json::parse_object(text, kLimits);
  if (!document) return refuse("is not a JSON object: " + json::describe(document.error()));
  ClaimsParameter parsed;
  for (const bool of_id_token : {true, false}) {
    const auto section = json::read_object(*document, of_id_token ? "id_token" : "userinfo");
    if (!section) return refuse("has a member " + section.error().member + " that is no object");
    if (!*section) continue;
    auto names = read_section(**section, parsed, of_id_token);
    if (!names) return std::unexpected(std::move(names.error()));
    (of_id_token ? parsed.claims.id_token : parsed.claims.userinfo) = std::move(*names);
  }
  return parsed;
}

}  // namespace symbolon::oidc
