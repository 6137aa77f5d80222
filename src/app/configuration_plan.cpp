#include "app/configuration_plan.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxShown = 160;
constexpr std::string_view kSecretWord = "(secret)";

// Options that the API keeps when a change does not name them.
constexpr std::array<std::string_view, 2> kKeptSecrets{"client_secret", "customHeaders"};

// Options that are filled from the provider's document when nobody gives them (management-api N-3).
constexpr std::array<std::string_view, 5> kFromMetadata{"issuer", "authorization_endpoint", "token_endpoint",
                                                        "userinfo_endpoint", "jwks_uri"};

const json::value* find(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

void add_differences(const json::object& before, const json::object& after, const std::string& prefix,
                     std::vector<Difference>& out);

void add_difference(const json::value* before, const json::value* after, const std::string& member,
                    std::vector<Difference>& out) {
  const json::value nothing;
  const json::value& old = before ? *before : nothing;
  const json::value& now = after ? *after : nothing;
  if (old == now) return;
  // A new object is shown member by member, too.
  if (now.is_object() && !now.get_object().empty() && (old.is_object() || old.is_null()))
    return add_differences(old.is_object() ? old.get_object() : json::object(), now.get_object(), member + ".", out);
  out.push_back({member, old, now});
}

void add_differences(const json::object& before, const json::object& after, const std::string& prefix,
                     std::vector<Difference>& out) {
  for (const auto& member : after)
    add_difference(find(before, member.key()), find(after, member.key()), prefix + std::string(member.key()), out);
  for (const auto& member : before)
    if (!after.contains(member.key()))
      add_difference(find(before, member.key()), nullptr, prefix + std::string(member.key()), out);
}

// Order means nothing in a set of applications.
json::value sorted(const json::value& list) {
  if (!list.is_array()) return list;
  std::vector<std::string> words;
  for (const json::value& one : list.get_array())
    if (one.is_string()) words.emplace_back(one.get_string());
  std::ranges::sort(words);
  return json::value_from(words);
}

void forget_provider(json::object& options) {
  const auto* stored = find(options, "oidc_metadata");
  const json::object metadata = stored && stored->is_object() ? stored->get_object() : json::object();
  options.erase("oidc_metadata");
  for (const std::string_view name : kFromMetadata) {
    const auto* own = find(options, name);
    const auto* found = find(metadata, name);
    if (own && found && *own == *found) options.erase(name);
  }
}

json::object merge_options(json::object present, const json::object& wanted) {
  for (const std::string_view name : kKeptSecrets) present.erase(name);
  for (const std::string_view source : {"discovery_url", "domain"})
    if (find(wanted, source) && text(wanted, source) != text(present, source)) forget_provider(present);
  for (const auto& member : wanted) {
    // Null is how the API is told to forget a secret; every other option is forgotten by leaving it out.
    if (member.value().is_null() && std::ranges::find(kKeptSecrets, std::string_view(member.key())) == kKeptSecrets.end())
      present.erase(member.key());
    else
      present[member.key()] = member.value();
  }
  return present;
}

// The stored form of `merged`, with what canonical options leave out.
std::expected<json::object, std::string> stored_form(const json::object& merged, const json::object& before,
                                                     const Canonical& canonical) {
  auto made = canonical(merged);
  if (!made) return made;
  for (const std::string_view name : {"oidc_metadata", "type"})
    if (const auto* value = find(merged, name)) (*made)[name] = *value;
  for (const std::string_view name : kKeptSecrets) {
    const auto* secret = merged.if_contains(name);
    if (!secret) secret = before.if_contains(name);
    if (secret && !secret->is_null()) (*made)[name] = *secret;
  }
  return made;
}

std::expected<void, std::string> plan_options(PlannedStep& step, const json::object& wanted,
                                              const json::object& before, const Canonical& canonical) {
  json::object merged = merge_options(before, wanted);
  auto after = stored_form(merged, before, canonical);
  if (!after) return std::unexpected(after.error());
  // What the provider's new document will say is not known before it is asked.
  json::object known = before;
  if (!after->contains("oidc_metadata")) forget_provider(known);
  std::vector<Difference> found = find_differences(known, *after);
  for (Difference& difference : found) {
    difference.member = "options." + difference.member;
    step.differences.push_back(std::move(difference));
  }
  if (!found.empty()) step.body["options"] = std::move(merged);
  return {};
}

bool is_secret(const std::string& member, const json::value& value, const std::vector<std::string>& secrets) {
  if (member.starts_with("options.customHeaders")) return true;
  if (to_lower_ascii(member).contains("secret") && !value.is_bool()) return true;
  const std::string shown = json::serialize(value);
  return std::ranges::any_of(secrets, [&](const std::string& secret) {
    return shown.contains(secret) || shown.contains(json::serialize(json::value(secret)));
  });
}

json::value shown_value(const std::string& member, const json::value& value, const std::vector<std::string>& secrets) {
  if (!value.is_null() && is_secret(member, value, secrets)) return json::value(kSecretWord);
  return value;
}

std::string brief(const json::value& value) {
  if (value.is_null()) return "nothing";
  if (value == json::value(kSecretWord)) return std::string(kSecretWord);
  return printable(json::serialize(value), kMaxShown);
}

std::string_view action_name(PlannedStep::Action action) {
  switch (action) {
    case PlannedStep::Action::keep: return "keep";
    case PlannedStep::Action::create: return "create";
    case PlannedStep::Action::change: return "change";
  }
  return {};
}

std::string title(const PlannedStep& step) { return step.name.empty() ? step.kind : step.kind + " " + step.name; }

}  // namespace

json::object merge_documents(json::object present, const json::object& wanted) {
  for (const auto& member : wanted) {
    json::value* own = present.if_contains(member.key());
    if (own && own->is_object() && member.value().is_object()) {
      json::object merged = merge_documents(std::move(own->get_object()), member.value().get_object());
      present[member.key()] = std::move(merged);
    } else {
      present[member.key()] = member.value();
    }
  }
  return present;
}

std::vector<Difference> find_differences(const json::object& before, const json::object& after) {
  std::vector<Difference> out;
  add_differences(before, after, "", out);
  return out;
}

PlannedStep plan_document(std::string kind, std::string name, json::object wanted,
                          const std::optional<PresentResource>& present) {
  PlannedStep step;
  step.kind = std::move(kind);
  step.name = std::move(name);
  if (!present) {
    step.action = PlannedStep::Action::create;
    step.differences = find_differences({}, wanted);
    step.body = std::move(wanted);
    return step;
  }
  step.id = present->id;
  step.etag = present->etag;
  const json::object merged = merge_documents(present->document, wanted);
  for (const auto& member : wanted) {
    const std::string name_of(member.key());
    std::vector<Difference> found;
    add_difference(find(present->document, name_of), find(merged, name_of), name_of, found);
    if (found.empty()) continue;
    step.body[name_of] = merged.at(name_of);
    step.differences.insert(step.differences.end(), found.begin(), found.end());
  }
  if (!step.differences.empty()) step.action = PlannedStep::Action::change;
  return step;
}

std::expected<PlannedStep, std::string> plan_connection(json::object wanted,
                                                        const std::optional<PresentResource>& present,
                                                        const Canonical& canonical) {
  const std::string name = text(wanted, "name");
  if (!present) return plan_document("connection", name, std::move(wanted), present);

  json::object options;
  if (const auto* given = find(wanted, "options"); given && given->is_object()) options = given->get_object();
  const bool changes_options = !options.empty();
  wanted.erase("options");
  wanted.erase("name");
  if (const std::string strategy = text(wanted, "strategy");
      !strategy.empty() && strategy != text(present->document, "strategy"))
    return std::unexpected("the strategy cannot be changed to " + strategy + "; make a new connection");
  wanted.erase("strategy");
  PresentResource comparable = *present;
  if (auto* enabled = wanted.if_contains("enabled_clients")) {
    json::value in_order = sorted(*enabled);
    *enabled = std::move(in_order);
    if (auto* stored = comparable.document.if_contains("enabled_clients")) {
      json::value stored_in_order = sorted(*stored);
      *stored = std::move(stored_in_order);
    }
  }
  PlannedStep step = plan_document("connection", name, std::move(wanted), comparable);
  if (changes_options) {
    json::object before;
    if (const auto* stored = find(present->document, "options"); stored && stored->is_object())
      before = stored->get_object();
    if (auto planned = plan_options(step, options, before, canonical); !planned)
      return std::unexpected(planned.error());
  }
  if (!step.differences.empty()) step.action = PlannedStep::Action::change;
  return step;
}

std::string describe_plan(const std::vector<PlannedStep>& steps, const std::vector<std::string>& secrets) {
  std::string out;
  std::size_t created = 0, changed = 0, kept = 0;
  for (const PlannedStep& step : steps) {
    const bool is_new = step.action == PlannedStep::Action::create;
    if (step.action == PlannedStep::Action::keep) {
      ++kept;
      continue;
    }
    ++(is_new ? created : changed);
    out += (is_new ? "+ " : "~ ") + title(step) + "\n";
    for (const Difference& difference : step.differences) {
      const std::string after = brief(shown_value(difference.member, difference.after, secrets));
      out += "    " + difference.member + ": ";
      if (!is_new) out += brief(shown_value(difference.member, difference.before, secrets)) + " -> ";
      out += after + "\n";
    }
  }
  out += "Plan: " + std::to_string(created) + " to create, " + std::to_string(changed) + " to change, " +
         std::to_string(kept) + " unchanged. What the file does not name stays as it is.\n";
  return out;
}

json::array show_plan(const std::vector<PlannedStep>& steps, const std::vector<std::string>& secrets) {
  json::array shown;
  for (const PlannedStep& step : steps) {
    json::array differences;
    for (const Difference& difference : step.differences)
      differences.push_back(json::object{{"member", difference.member},
                                         {"before", shown_value(difference.member, difference.before, secrets)},
                                         {"after", shown_value(difference.member, difference.after, secrets)}});
    json::object one{{"action", action_name(step.action)}, {"kind", step.kind}, {"name", step.name}};
    one["differences"] = std::move(differences);
    shown.push_back(std::move(one));
  }
  return shown;
}

}  // namespace symbolon::app
