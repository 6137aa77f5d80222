#include "login/try_report.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "json/parse.h"
#include "json/text.h"
#include "login/failure.h"
#include "login/first_contact.h"
#include "upstream/authorization_url.h"

namespace symbolon::login {
namespace {

namespace js = boost::json;
using pages::TryPage;
using pages::TryText;

js::value parsed(const std::string& text) {
  if (text.empty()) return nullptr;
  auto value = json::parse(text, {.refuse_duplicates = false});
  return value ? std::move(*value) : js::value(nullptr);
}

std::string indented(const std::string& text) {
  const js::value value = parsed(text);
  return value.is_null() || (value.is_object() && value.get_object().empty()) ? "" : json::serialize_indented(value);
}

bool is_oauth2(const TryOutcome& outcome) {
  return outcome.connection && outcome.connection->upstream.strategy == model::Strategy::oauth2;
}

std::string client_authentication(const model::UpstreamSettings& settings) {
  return settings.channel == model::Channel::front_channel ? "" : std::string(to_string(settings.auth_method));
}

const std::vector<upstream::Exchange>& exchanges_of(const TryOutcome& outcome) {
  static const std::vector<upstream::Exchange> kNone;
  if (outcome.error) return outcome.error->exchanges;
  return outcome.identity ? outcome.identity->exchanges : kNone;
}

std::vector<std::string> warnings_of(const TryOutcome& outcome) {
  std::vector<std::string> warnings;
  if (outcome.identity) warnings = outcome.identity->warnings;
  if (outcome.profile) warnings.insert(warnings.end(), outcome.profile->warnings.begin(), outcome.profile->warnings.end());
  return warnings;
}

void set_text(js::object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

js::array mapping_of(const upstream::MappedProfile& profile) {
  js::array mapping;
  for (const upstream::MappedAttribute& attribute : profile.trace)
    mapping.push_back(js::object{{"name", attribute.name},
                                 {"source", attribute.source},
                                 {"value", parsed(attribute.value)},
                                 {"note", attribute.note}});
  return mapping;
}

void add_identity(js::object& report, const TryOutcome& outcome) {
  const upstream::ProvenIdentity& identity = *outcome.identity;
  if (!is_oauth2(outcome))
    report["id_token"] = js::object{{"header", parsed(identity.id_token_header)}, {"claims", parsed(identity.claims)}};
  else
    report["user"] = parsed(identity.claims);
  if (!identity.userinfo.empty()) report["userinfo"] = parsed(identity.userinfo);
  set_text(report, "scope_granted", identity.scope_granted);
  if (identity.session_expiry) report["session_expiry"] = to_iso8601(*identity.session_expiry);
}

void add_profile(js::object& report, const TryOutcome& outcome) {
  const upstream::MappedProfile& profile = *outcome.profile;
  report["mapping"] = mapping_of(profile);
  report["profile"] = parsed(profile.profile);
  if (!profile.login_only.empty()) report["login_only"] = parsed(profile.login_only);
  report["user_id"] = outcome.user_id;
  if (outcome.login_effect) report["login_effect"] = pages::text("en", *outcome.login_effect);
}

void add_fact(TryPage& page, TryText label, std::string value) { page.facts.push_back({label, std::move(value)}); }

void add_error(TryPage& page, const TryOutcome& outcome) {
  const upstream::UpstreamError& error = *outcome.error;
  add_fact(page, TryText::what_failed, error.check + " (" + error.step + ", " + error.rule + ")");
  add_fact(page, TryText::expected, error.expected);
  add_fact(page, TryText::received, error.received);
  add_fact(page, TryText::what_to_do, error.hint);
  add_fact(page, TryText::told_the_application,
           std::string(to_string(error.downstream.code)) + ": " + error.downstream.description);
  page.reference = outcome.reference;
}

}  // namespace

TryText describe_effect(const model::Connection& connection, const std::optional<model::User>& known,
                        const upstream::MappedProfile& mapped, const FoundAccount& found) {
  const model::UpstreamSettings& settings = connection.upstream;
  if (known && known->blocked) return TryText::would_refuse_blocked;
  if (known) return TryText::would_sign_in;
  if (settings.root_sync == model::RootAttributeSync::never_on_login)
    return TryText::would_refuse_unprovisioned;
  const FirstContactDecision decision =
      decide_first_contact({.known = false,
                            .options = settings.first_contact,
                            .match = found.match,
                            .match_is_safe = found.safe,
                            .profile_complete = is_complete(settings.first_contact, mapped)});
  switch (decision.step) {
    case FirstContactStep::link: return TryText::would_link;
    case FirstContactStep::propose: return TryText::would_propose;
    case FirstContactStep::create: return TryText::would_create;
    case FirstContactStep::ask: return TryText::would_ask;
    case FirstContactStep::refuse:
      return decision.incomplete ? TryText::would_refuse_incomplete : TryText::would_refuse_everything;
    case FirstContactStep::sign_in: break;
  }
  throw std::logic_error("a first contact with somebody who is known");
}

js::object to_report(const TryOutcome& outcome) {
  js::object report{{"id", outcome.report_id},
                    {"status", outcome.error ? "failed" : "succeeded"},
                    {"finished_at", to_iso8601(outcome.finished_at)},
                    {"connection_id", outcome.connection_id.str()},
                    {"connection", outcome.connection_name},
                    {"callback_url", outcome.callback_url}};
  if (outcome.connection) {
    const model::UpstreamSettings& settings = outcome.connection->upstream;
    report["strategy"] = to_string(settings.strategy);
    report["channel"] = to_string(settings.channel);
    set_text(report, "pkce", outcome.challenge_method);
    set_text(report, "client_authentication", client_authentication(settings));
    set_text(report, "scope_sent", upstream::requested_scope(settings, {}));
  }
  if (outcome.identity) add_identity(report, outcome);
  if (outcome.profile) add_profile(report, outcome);
  report["warnings"] = js::value_from(warnings_of(outcome));
  if (outcome.error) {
    report["failure"] = explain_failure(*outcome.error);
    report["failure"].get_object()["reference"] = outcome.reference;
  } else {
    report["exchanges"] = explain_exchanges(exchanges_of(outcome));
  }
  return report;
}

TryPage to_page(const TryOutcome& outcome, std::string_view language) {
  TryPage page;
  page.worked = !outcome.error;
  page.warnings = warnings_of(outcome);
  if (outcome.error) add_error(page, outcome);
  add_fact(page, TryText::connection, outcome.connection_name);
  if (outcome.connection) {
    const model::UpstreamSettings& settings = outcome.connection->upstream;
    add_fact(page, TryText::channel, std::string(to_string(settings.channel)));
    add_fact(page, TryText::client_authentication, client_authentication(settings));
    add_fact(page, TryText::pkce, outcome.challenge_method);
    add_fact(page, TryText::scope_sent, upstream::requested_scope(settings, {}));
  }
  add_fact(page, TryText::callback_url, outcome.callback_url);
  if (outcome.identity) {
    const upstream::ProvenIdentity& identity = *outcome.identity;
    add_fact(page, TryText::scope_granted, identity.scope_granted);
    if (identity.session_expiry) add_fact(page, TryText::session_expiry, to_iso8601(*identity.session_expiry));
    page.documents = {{TryText::token_header, indented(identity.id_token_header)},
                      {is_oauth2(outcome) ? TryText::user_answer : TryText::claims, indented(identity.claims)},
                      {TryText::userinfo, indented(identity.userinfo)}};
  }
  if (outcome.profile) {
    const upstream::MappedProfile& profile = *outcome.profile;
    add_fact(page, TryText::user_id, outcome.user_id);
    add_fact(page, TryText::email_verified, profile.email_verified ? "true" : "false");
    if (outcome.login_effect)
      add_fact(page, TryText::a_login_would, std::string(pages::text(language, *outcome.login_effect)));
    page.documents.insert(page.documents.begin(), {{TryText::profile, indented(profile.profile)},
                                                   {TryText::login_only, indented(profile.login_only)}});
    for (const upstream::MappedAttribute& one : profile.trace)
      page.mapping.push_back({one.name, one.source, one.value, one.note});
  }
  for (const upstream::Exchange& call : exchanges_of(outcome))
    page.calls.push_back({call.purpose, call.method + " " + call.url, std::to_string(call.status),
                          std::to_string(call.elapsed.count()), call.excerpt});
  return page;
}

}  // namespace symbolon::login
