#pragma once

#include <boost/json.hpp>
#include <string>

#include "base/random.h"
#include "store/tenant_store.h"

namespace symbolon::management {

/// A new domain that nobody has proved yet, from the body of a POST. It is reached as the canonical address is: same
/// scheme, same port.
store::Domain make_custom_domain(const boost::json::object& sent, const store::Domain& canonical, Random& random,
                                 Instant now);

/// Where the proof is looked for, and what has to stand there.
struct DomainProof {
  std::string name, value;
};
DomainProof domain_proof(const store::Domain& domain);

/// Records what a lookup came to; an empty `problem` means that the proof was found.
void record_verification(store::Domain& domain, const std::string& problem, Instant now);

bool is_default_domain(const store::Domain& domain);
void set_default_domain(store::Domain& domain, bool is_default);
/// Members of a PATCH: replaced, null taken away.
void change_custom_domain(store::Domain& domain, const boost::json::object& sent);

boost::json::object show_custom_domain(const store::Domain& domain);

}  // namespace symbolon::management
