#include "upstream/profile_rules.h"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "base/text.h"
#include "http/url.h"
#include "json/read.h"
#include "upstream/claims_mapping.h"
#include "upstream/hints.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;

constexpr std::size_t kMaxEmailBytes = 254;
constexpr std::size_t kMaxLocalPartBytes = 64;

bool is_local_letter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte > 0x20 && byte != 0x7f && !std::string_view("()<>[]:;@\\,\"").contains(letter);
}

bool is_domain_letter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte >= 0x80 || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '.';
}

bool has_empty_label(std::string_view text) {
  return text.empty() || text.starts_with('.') || text.ends_with('.') || text.contains("..");
}

class Normaliser {
 public:
  Normaliser(js::object& attributes, const model::UpstreamSettings& settings, std::string_view subject,
             std::vector<MappedAttribute>& trace, std::vector<std::string>& warnings)
      : attributes_(attributes), settings_(settings), subject_(subject), trace_(trace), warnings_(warnings) {}

  NormalisedProfile run() {
    NormalisedProfile result;
    for (const std::string_view name : {"name", "nickname", "given_name", "family_name", "picture", "username"})
      keep_text(name);
    result.email = take_email();
    result.email_verified = take_email_verified(result.email);
    keep_picture();
    keep_phone();
    make_up_name(result.email);
    make_up_nickname(result.email);
    result.username = usable("username").value_or(usable("preferred_username").value_or(""));
    return result;
  }

 private:
  std::optional<std::string> text(std::string_view name) const { return json::find_string(attributes_, name); }

  // Stored attributes only: what is left out on purpose must not come back through another one.
  std::optional<std::string> usable(std::string_view name) const {
    if (contains(settings_.non_persistent_attributes, name)) return std::nullopt;
    auto found = text(name);
    return found && !trim(*found).empty() ? std::optional(std::string(trim(*found))) : std::nullopt;
  }

  void note(std::string_view name, std::string_view what) {
    for (MappedAttribute& entry : trace_)
      if (entry.name == name) entry.note = what;
  }

  void drop(std::string_view name, std::string_view why) {
    attributes_.erase(name);
    note(name, "not valid, dropped");
    warnings_.push_back(std::string(name) + " was dropped: " + std::string(why));
  }

  void keep_text(std::string_view name) {
    const js::value* value = attributes_.if_contains(name);
    if (value == nullptr) return;
    if (value->is_null()) {
      attributes_.erase(name);
      return;
    }
    if (!value->is_string()) return drop(name, "it is not text");
    const std::string trimmed(trim(value->get_string()));
    if (trimmed.empty()) {
      attributes_.erase(name);
    } else {
      attributes_[name] = trimmed;
    }
  }

  std::string take_email() {
    keep_text("email");
    const auto email = text("email");
    if (!email) {
      if (!attributes_.contains("email")) warnings_.push_back("email is missing. " + hints::missing_email(settings_.strategy));
      return {};
    }
    if (is_email_address(*email)) return *email;
    drop("email", "it is no e-mail address");
    return {};
  }

  bool take_email_verified(const std::string& email) {
    const bool claimed = json::find_bool(attributes_, "email_verified").value_or(false) ||
                         text("email_verified") == std::optional<std::string>("true");
    bool verified = false;
    switch (settings_.email_verified_mode) {
      case model::EmailVerifiedMode::from_idp:
        verified = claimed;
        break;
      case model::EmailVerifiedMode::always:
        verified = true;
        break;
      case model::EmailVerifiedMode::never:
        verified = false;
        break;
    }
    verified = verified && !email.empty();
    attributes_.erase("email_verified");
    if (!email.empty()) attributes_["email_verified"] = verified;
    return verified;
  }

  void keep_picture() {
    const auto picture = text("picture");
    if (!picture) return;
    const auto url = http::parse_url(*picture);
    if (!url || !url->is_https()) drop("picture", "it is no https URL");
  }

  void keep_phone() {
    const js::value* phone = attributes_.if_contains("phone_number");
    if (phone == nullptr || phone->is_string()) return;
    if (phone->is_number()) {
      attributes_["phone_number"] = js::serialize(*phone);
    } else {
      attributes_.erase("phone_number");
    }
  }

  void make_up(std::string_view name, std::string_view source, std::string value) {
    trace_.push_back({std::string(name), std::string(source), js::serialize(js::value(value)), "made up"});
    attributes_[name] = std::move(value);
  }

  bool is_wanted(std::string_view name) const {
    return !attributes_.contains(name) && !contains(settings_.non_persistent_attributes, name);
  }

  void make_up_name(const std::string& email) {
    if (!is_wanted("name")) return;
    const auto given = usable("given_name");
    const auto family = usable("family_name");
    if (given && family) return make_up("name", "given_name family_name", *given + " " + *family);
    if (given || family) return make_up("name", given ? "given_name" : "family_name", given ? *given : *family);
    if (auto preferred = usable("preferred_username")) return make_up("name", "preferred_username", *preferred);
    if (!email.empty() && usable("email")) return make_up("name", "email", email);
    make_up("name", "sub", std::string(subject_));
  }

  void make_up_nickname(const std::string& email) {
    if (!is_wanted("nickname")) return;
    if (!email.empty() && usable("email")) return make_up("nickname", "email", email.substr(0, email.rfind('@')));
    if (auto preferred = usable("preferred_username")) return make_up("nickname", "preferred_username", *preferred);
    make_up("nickname", "sub", std::string(subject_));
  }

  js::object& attributes_;
  const model::UpstreamSettings& settings_;
  std::string_view subject_;
  std::vector<MappedAttribute>& trace_;
  std::vector<std::string>& warnings_;
};

}  // namespace

bool is_email_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (text.size() > kMaxEmailBytes || at == std::string_view::npos) return false;
  const auto local = text.substr(0, at);
  const auto domain = text.substr(at + 1);
  if (local.size() > kMaxLocalPartBytes || has_empty_label(local) || has_empty_label(domain)) return false;
  return std::ranges::all_of(local, is_local_letter) && std::ranges::all_of(domain, is_domain_letter) &&
         count_code_points(text).has_value();
}

NormalisedProfile normalise_profile(js::object& attributes, const model::UpstreamSettings& settings,
                                    std::string_view subject, std::vector<MappedAttribute>& trace,
                                    std::vector<std::string>& warnings) {
  return Normaliser(attributes, settings, subject, trace, warnings).run();
}

}  // namespace symbolon::upstream
