#include "management/custom_domain.h"

#include "base/text.h"
#include "http/url.h"
#include "management/tenant_document.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::string_view kProofPrefix = "_symbolon-challenge.";
constexpr std::string_view kValuePrefix = "symbolon-domain-verification=";
constexpr std::size_t kTokenBytes = 24;

json::object document_of(const store::Domain& domain) { return json::parse(domain.doc).as_object(); }

// What was sent, over what is stored. A key of the metadata that is set to null is taken away.
void take_over(json::object& document, const json::object& sent) {
  merge_members(document, sent);
  auto* metadata = document.if_contains("domain_metadata");
  if (!metadata || !metadata->is_object()) return;
  json::object& keys = metadata->get_object();
  for (auto key = keys.begin(); key != keys.end();) key = key->value().is_null() ? keys.erase(key) : key + 1;
}

// The document keeps the name without a port, as people know it.
std::string name_of(const json::object& document) { return std::string(document.at("domain").get_string()); }

}  // namespace

store::Domain make_custom_domain(const json::object& sent, const store::Domain& canonical, Random& random,
                                 Instant now) {
  const std::string name = to_lower_ascii(std::string_view(sent.at("domain").get_string()));
  const auto door = http::parse_url(canonical.base_url);
  http::Url url;
  url.scheme = door ? door->scheme : "https";
  url.host = name;
  url.port = door ? door->port : "";
  json::object document{{"tls_policy", "recommended"}};
  take_over(document, sent);
  document.erase("verification_method");
  document["domain"] = name;
  document["proof"] = random_token(random, kTokenBytes);
  store::Domain domain;
  domain.host = url.authority();
  domain.base_url = url.origin();
  domain.tenant = canonical.tenant;
  domain.id = "cd_" + random_alphanumeric(random, 16);
  domain.doc = json::serialize(document);
  domain.version = 1;
  domain.created_at = now;
  return domain;
}

DomainProof domain_proof(const store::Domain& domain) {
  const json::object document = document_of(domain);
  return {std::string(kProofPrefix) + name_of(document),
          std::string(kValuePrefix) + std::string(document.at("proof").get_string())};
}

void record_verification(store::Domain& domain, const std::string& problem, Instant now) {
  json::object document = document_of(domain);
  json::object verification{{"last_verified_at", to_iso8601(now)}};
  if (!problem.empty()) verification["error_msg"] = problem;
  document["verification"] = std::move(verification);
  domain.doc = json::serialize(document);
  // A proof that is gone later does not put everybody out who signs in there: deleting the domain does.
  if (problem.empty() && !domain.verified_at) domain.verified_at = now;
}

bool is_default_domain(const store::Domain& domain) {
  const json::object document = document_of(domain);
  const auto* flag = document.if_contains("is_default");
  return flag && *flag == json::value(true);
}

void set_default_domain(store::Domain& domain, bool is_default) {
  json::object document = document_of(domain);
  document["is_default"] = is_default;
  domain.doc = json::serialize(document);
}

void change_custom_domain(store::Domain& domain, const json::object& sent) {
  json::object document = document_of(domain);
  take_over(document, sent);
  domain.doc = json::serialize(document);
}

json::object show_custom_domain(const store::Domain& domain) {
  json::object shown = document_of(domain);
  const DomainProof proof = domain_proof(domain);
  const bool verified = domain.verified_at.has_value();
  shown.erase("proof");
  json::object verification{
      {"methods", json::array{json::object{{"name", "txt"}, {"record", proof.value}, {"domain", proof.name}}}}};
  if (const auto* last = shown.if_contains("verification")) {
    verification["status"] = verified ? "verified" : "failed";
    merge_members(verification, last->get_object());
  } else {
    verification["status"] = "pending";
  }
  shown["verification"] = std::move(verification);
  shown["custom_domain_id"] = domain.id;
  shown["status"] = verified ? "ready" : "pending_verification";
  shown["is_default"] = is_default_domain(domain);
  shown["primary"] = is_default_domain(domain);
  return shown;
}

}  // namespace symbolon::management
