#include "management/custom_domains.h"

#include <algorithm>

#include "base/text.h"
#include "http/address.h"
#include "management/audit.h"
#include "management/custom_domain.h"
#include "management/etag.h"
#include "management/paging.h"
#include "management/search_query.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "custom_domains", .default_take = 50, .checkpoint_only = true};
constexpr RateLimit::Rates kVerifications{.per_second = 5.0 / 60, .burst = 5};  // management-api R-3

const SearchRules kSearch{.folded = {"domain"}, .defaults = {"domain"}};

Problem no_such_domain() { return not_found("inexistent_custom_domain", "The custom domain does not exist"); }

std::vector<store::Domain> custom_domains(db::Transaction& tx, const TenantId& tenant) {
  auto domains = store::TenantStore(tx).list_domains(tenant);
  std::erase_if(domains, [](const store::Domain& domain) { return domain.is_canonical; });
  return domains;
}

std::optional<store::Domain> find_canonical(db::Transaction& tx, const TenantId& tenant) {
  for (store::Domain& domain : store::TenantStore(tx).list_domains(tenant))
    if (domain.is_canonical) return std::move(domain);
  return std::nullopt;
}

std::expected<store::Domain, Problem> find(db::Transaction& tx, const Call& call) {
  auto domain = store::TenantStore(tx).find_domain_by_id(call.tenant, call.path("id"));
  if (!domain || domain->is_canonical) return std::unexpected(no_such_domain());
  if (auto matches = check_if_match(call, domain->version); !matches) return std::unexpected(matches.error());
  return std::move(*domain);
}

http::Response answer(int status, const store::Domain& domain) {
  http::Response response = json_answer(status, show_custom_domain(domain));
  set_etag(response, domain.version);
  return response;
}

// Writes a domain that was read in this unit; what is answered carries the version that it has then.
Answer save(db::Transaction& tx, store::Domain domain) {
  const std::int64_t based_on = domain.version++;
  if (store::TenantStore(tx).update_domain(domain, based_on) != store::Update::done)
    return std::unexpected(changed_meanwhile());
  return answer(200, domain);
}

std::optional<Problem> check_name(const json::object& sent) {
  const std::string_view name = sent.at("domain").get_string();
  if (name.contains('.') && !http::parse_address(name)) return std::nullopt;
  return invalid_body("Payload validation error: 'Object didn't pass validation for format dns-name: " +
                      std::string(name) + "' on property domain (The host name).");
}

}  // namespace

CustomDomains::CustomDomains(const Services& services, http::TxtLookup& txt_lookup)
    : services_(services), txt_lookup_(txt_lookup), verifications_(kVerifications) {}

void CustomDomains::register_on(Api& api) {
  api.on("custom_domains_list", [this](Call call) { return list(std::move(call)); });
  api.on("custom_domains_get", [this](Call call) { return get(std::move(call)); });
  api.on("custom_domains_create", [this](Call call) { return create(std::move(call)); });
  api.on("custom_domains_update", [this](Call call) { return update(std::move(call)); });
  api.on("custom_domains_delete", [this](Call call) { return remove(std::move(call)); });
  api.on("custom_domains_verify", [this](Call call) { return verify(std::move(call)); });
  api.on("custom_domains_get_default", [this](Call call) { return get_default(std::move(call)); });
  api.on("custom_domains_set_default", [this](Call call) { return set_default(std::move(call)); });
}

Task<Answer> CustomDomains::list(Call call) {
  const Instant now = services_.clock.now();
  const auto paging = read_paging(call, kRules, "custom_domains", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  const auto query = SearchQuery::parse(call.query.get("q"));
  if (!query) co_return std::unexpected(invalid_query(query.error(), "q", "Query in Lucene syntax"));
  const std::string sort = call.query.get("sort");
  if (!sort.empty() && sort != "domain:1")
    co_return std::unexpected(invalid_query("Domains are sorted by domain:1 only", "sort", "Field and order"));
  auto domains = co_await services_.db.read([&](db::Transaction& tx) { return custom_domains(tx, call.tenant); });
  if (!sort.empty()) std::ranges::sort(domains, {}, &store::Domain::host);
  const FieldFilter fields(call, "custom_domain_id");
  json::array all;
  for (const store::Domain& domain : domains) {
    json::object shown = show_custom_domain(domain);
    if (query->matches(shown, kSearch)) all.push_back(fields.apply(std::move(shown)));
  }
  if (!call.query.has("take") && !call.query.has("from") && !call.query.has("q")) co_return json_answer(200, all);

  // A tenant has a handful; the cursor counts those that were seen.
  const auto total = static_cast<std::int64_t>(all.size());
  const std::int64_t end = std::min(total, paging->window.after + paging->window.limit);
  json::array items(all.begin() + std::min(total, paging->window.after), all.begin() + end);
  const auto next = end < total ? std::optional(end) : std::nullopt;
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), next, total, call, services_.box, now));
}

Task<Answer> CustomDomains::get(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto domain = find(tx, call);
    if (!domain) return std::unexpected(domain.error());
    return answer(200, *domain);
  });
}

Task<Answer> CustomDomains::create(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_name(call.object())) co_return std::unexpected(*problem);
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto canonical = find_canonical(tx, call.tenant);
    if (!canonical) return std::unexpected(no_such_domain());
    const store::Domain domain = make_custom_domain(call.object(), *canonical, services_.random, now);
    if (store::TenantStore(tx).insert_domain(domain) == store::Insert::duplicate)
      return std::unexpected(conflict("custom_domain_conflict", "The domain " + domain.host + " is in use already"));
    log_write(tx, call, "Create a custom domain", member_names(call.object()), now);
    return answer(201, domain);
  });
}

Task<Answer> CustomDomains::update(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto domain = find(tx, call);
    if (!domain) return std::unexpected(domain.error());
    change_custom_domain(*domain, call.object());
    log_write(tx, call, "Update a custom domain", member_names(call.object()), now);
    return save(tx, std::move(*domain));
  });
}

Task<Answer> CustomDomains::remove(Call call) {
  const Instant now = services_.clock.now();
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    const auto domain = find(tx, call);
    if (!domain) return domain.error().status == 404 ? std::nullopt : std::optional(domain.error());
    store::TenantStore(tx).remove_domain(call.tenant, domain->id);
    log_write(tx, call, "Delete a custom domain", {domain->host}, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

// Empty when the record is there; otherwise what an administrator should know.
Task<std::string> CustomDomains::look_for_proof(store::Domain domain) {
  const DomainProof proof = domain_proof(domain);
  const auto texts = co_await txt_lookup_.find(proof.name);
  if (!texts) co_return texts.error();
  if (contains(*texts, proof.value)) co_return std::string();
  if (texts->empty()) co_return "There is no TXT record at " + proof.name + ".";
  co_return "The TXT record at " + proof.name + " is not " + proof.value + ".";
}

Task<Answer> CustomDomains::verify(Call call) {
  const Instant now = services_.clock.now();
  const auto verdict = verifications_.take(call.tenant.str(), now);
  if (!verdict.allowed)
    co_return std::unexpected(too_many_requests("A domain can be verified five times a minute", verdict));
  const auto domain = co_await services_.db.read([&](db::Transaction& tx) { return find(tx, call); });
  if (!domain) co_return std::unexpected(domain.error());
  const std::string found = co_await look_for_proof(*domain);
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto current = store::TenantStore(tx).find_domain_by_id(call.tenant, domain->id);
    if (!current) return std::unexpected(no_such_domain());
    // Asked here, in the unit that takes the name: of two tenants that prove it at once, the first has it.
    const auto holder = store::TenantStore(tx).find_domain(current->host);
    const bool is_taken = found.empty() && holder && holder->tenant != call.tenant;
    record_verification(*current, is_taken ? "The name was verified by another tenant and answers there." : found, now);
    log_write(tx, call, "Verify a custom domain", {current->host}, now);
    return save(tx, std::move(*current));
  });
}

Task<Answer> CustomDomains::get_default(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    for (const store::Domain& domain : custom_domains(tx, call.tenant))
      if (is_default_domain(domain)) return json_answer(200, show_custom_domain(domain));
    const auto canonical = find_canonical(tx, call.tenant);
    if (!canonical) return std::unexpected(no_such_domain());
    return json_answer(200, json::object{{"domain", canonical->host}});
  });
}

Task<Answer> CustomDomains::set_default(Call call) {
  const Instant now = services_.clock.now();
  const std::string wanted = to_lower_ascii(std::string_view(call.object().at("domain").get_string()));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto canonical = find_canonical(tx, call.tenant);
    json::object shown{{"domain", wanted}};
    bool known = canonical && canonical->host == wanted;
    std::vector<store::Domain> domains = custom_domains(tx, call.tenant);
    for (const store::Domain& domain : domains) {
      if (show_custom_domain(domain).at("domain") != json::value(wanted)) continue;
      if (!domain.verified_at)
        return std::unexpected(Problem{400, "operation_not_supported",
                                       "The domain must be verified before it can be set as default."});
      known = true;
    }
    if (!known) return std::unexpected(no_such_domain());
    for (store::Domain& domain : domains) {
      const bool is_wanted = show_custom_domain(domain).at("domain") == json::value(wanted);
      if (is_default_domain(domain) != is_wanted) {
        set_default_domain(domain, is_wanted);
        if (auto saved = save(tx, domain); !saved) return saved;
      }
      if (is_wanted) shown = show_custom_domain(domain);
    }
    log_write(tx, call, "Set the default domain", {wanted}, now);
    return json_answer(200, shown);
  });
}

}  // namespace symbolon::management
