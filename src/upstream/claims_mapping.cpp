#include "upstream/claims_mapping.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "json/parse.h"
#include "json/read.h"
#include "upstream/attribute_map.h"
#include "upstream/attribute_names.h"
#include "upstream/error_mapping.h"
#include "upstream/hints.h"
#include "upstream/profile_rules.h"
#include "upstream/redaction.h"
#include "upstream/user_object.h"
#include "upstream/userinfo.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::MappingMode;
using model::Strategy;

js::object object_of(std::string_view text) {
  if (text.empty()) return {};
  auto parsed = json::parse_object(text);
  return parsed ? std::move(*parsed) : js::object();
}

class Mapping {
 public:
  Mapping(const model::Connection& connection, const ProvenIdentity& identity)
      : connection_(connection),
        settings_(connection.upstream),
        identity_(identity),
        claims_(object_of(identity.claims)) {}

  std::expected<MappedProfile, UpstreamError> run() {
    if (userinfo_is_missing()) return std::unexpected(missing_userinfo());
    if (auto error = collect()) return std::unexpected(std::move(*error));
    auto facts = normalise_profile(attributes_, settings_, identity_.subject, result_.trace, result_.warnings);
    if (facts.username.empty() && is_oauth2()) facts.username = oauth2_username();
    result_.email = std::move(facts.email);
    result_.email_verified = facts.email_verified;
    result_.username = std::move(facts.username);
    set_aside();
    result_.profile = js::serialize(attributes_);
    if (result_.profile.size() > kMaxMappingBytes) return std::unexpected(too_large());
    hide_token();
    return std::move(result_);
  }

 private:
  bool is_oauth2() const { return settings_.strategy == Strategy::oauth2; }

  bool userinfo_is_missing() const {
    return identity_.userinfo.empty() && is_userinfo_due(settings_, identity_.access_token) &&
           is_userinfo_needed(settings_);
  }

  std::optional<UpstreamError> collect() {
    switch (settings_.mapping_mode) {
      case MappingMode::bind_all:
        if (!is_oauth2()) return copy_claims(), std::nullopt;
        attributes_ = guess_attributes(claims_, result_.trace);
        return settings_.mapping_attributes.empty() ? std::nullopt : expand_map();
      case MappingMode::basic_profile:
        return copy_claims(), std::nullopt;
      case MappingMode::use_map:
        return expand_map();
    }
    return std::nullopt;
  }

  void copy_claims() {
    copy(claims_, "");
    if (settings_.mapping_mode != MappingMode::bind_all || !settings_.bind_userinfo) return;
    const js::object userinfo = object_of(identity_.userinfo);
    // A verdict on one address says nothing about another one.
    const js::value* email = userinfo.if_contains("email");
    const js::value* before = claims_.if_contains("email");
    if (email && (!before || *before != *email)) attributes_.erase("email_verified");
    copy(userinfo, "userinfo.");
  }

  void copy(const js::object& claims, std::string_view from) {
    const bool basic = settings_.mapping_mode == MappingMode::basic_profile;
    for (const auto& member : claims) {
      const std::string_view name = member.key();
      if (is_protocol_claim(name) || name == "sub" || (basic && !is_basic_profile_claim(name))) continue;
      assign(name, std::string(from).append(name), member.value());
    }
  }

  std::optional<UpstreamError> expand_map() {
    auto map = parse_attribute_map(settings_.mapping_attributes.empty() ? "{}" : settings_.mapping_attributes);
    if (!map) return mapping_error("the connection's attribute map can be read", map.error());
    // A verdict on one address says nothing about another one that the map brings in.
    if (map->contains("email") && !map->contains("email_verified")) attributes_.erase("email_verified");
    const js::object context = make_context();
    std::size_t budget = kMaxMappingBytes;
    for (const auto& member : *map) {
      auto value = expand_attribute(member.value(), context, budget);
      if (!value) return too_large();
      const std::string source =
          member.value().is_string() ? std::string(member.value().get_string()) : js::serialize(member.value());
      if (*value) {
        assign(member.key(), source, **value);
      } else {
        note(member.key(), source, "", "empty");
      }
      if (!is_oauth2() && settings_.channel == model::Channel::front_channel && reads_userinfo(member.value()))
        result_.warnings.push_back("attribute " + std::string(member.key()) +
                                   " reads context.userinfo, which is never fetched in the front channel");
    }
    return std::nullopt;
  }

  js::object make_context() const {
    js::object connection{{"id", connection_.id.str()},
                          {"name", connection_.name},
                          {"strategy", std::string(to_string(settings_.strategy))}};
    js::object tokenset = is_oauth2() ? js::object() : claims_;
    if (!identity_.access_token.empty()) tokenset["access_token"] = identity_.access_token;
    js::object userinfo = is_oauth2() ? claims_ : object_of(identity_.userinfo);
    return {
        {"connection", std::move(connection)}, {"tokenset", std::move(tokenset)}, {"userinfo", std::move(userinfo)}};
  }

  void assign(std::string_view name, std::string source, const js::value& value) {
    const bool restricted = is_restricted_attribute(name);
    note(name, std::move(source), js::serialize(value), restricted ? "restricted name, skipped" : "");
    if (!restricted) attributes_[name] = value;
  }

  void note(std::string_view name, std::string source, std::string value, std::string what) {
    std::erase_if(result_.trace, [&](const MappedAttribute& entry) { return entry.name == name; });
    result_.trace.push_back({std::string(name), std::move(source), std::move(value), std::move(what)});
  }

  std::string oauth2_username() const {
    if (contains(settings_.non_persistent_attributes, "preferred_username") ||
        contains(settings_.non_persistent_attributes, "username"))
      return {};
    const std::string guessed = settings_.mapping_mode == MappingMode::bind_all ? guess_username(claims_) : "";
    return guessed.empty() ? identity_.subject : guessed;
  }

  // RP-73: the e-mail address stays when it is what accounts are linked by.
  void set_aside() {
    js::object aside;
    for (const std::string& name : settings_.non_persistent_attributes) {
      const js::value* value = attributes_.if_contains(name);
      const bool links = name == "email" && settings_.first_contact.auto_linking == model::AutoLinking::email;
      if (value == nullptr || links) continue;
      aside[name] = *value;
      attributes_.erase(name);
      if (name == "email") result_.email.clear();
      if (name == "email_verified" || name == "email") result_.email_verified = false;
      for (MappedAttribute& entry : result_.trace)
        if (entry.name == name) entry.note = "not stored";
    }
    if (result_.email.empty()) attributes_.erase("email_verified");
    result_.login_only = aside.empty() ? std::string() : js::serialize(aside);
  }

  void hide_token() {
    Redaction redaction;
    redaction.hide(identity_.access_token);
    redaction.hide(identity_.id_token);
    for (MappedAttribute& entry : result_.trace) entry.value = redaction.hide_known(entry.value);
  }

  UpstreamError mapping_error(std::string check, std::string received) const {
    UpstreamError error;
    error.step = "mapping";
    error.rule = "RP-72";
    error.check = std::move(check);
    error.received = std::move(received);
    error.hint = "Correct attribute_map in the connection's options.";
    error.downstream = misconfigured();
    return error;
  }

  UpstreamError too_large() const {
    return mapping_error("the mapped profile has at most 100 KiB", "a larger profile");
  }

  UpstreamError missing_userinfo() const {
    UpstreamError error;
    error.step = "mapping";
    error.rule = "RP-67";
    error.check = "the user information that a root attribute is mapped from is there";
    error.received = "no user information";
    error.hint = "The userinfo endpoint gave no answer, or the mapping was changed during the sign-in: try again.";
    error.downstream = unreachable(connection_);
    return error;
  }

  const model::Connection& connection_;
  const model::UpstreamSettings& settings_;
  const ProvenIdentity& identity_;
  const js::object claims_;
  js::object attributes_;
  MappedProfile result_;
};

}  // namespace

std::expected<MappedProfile, UpstreamError> map_claims(const model::Connection& connection,
                                                       const ProvenIdentity& identity) {
  return Mapping(connection, identity).run();
}

}  // namespace symbolon::upstream
