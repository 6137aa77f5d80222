#pragma once

#include <expected>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/connection.h"
#include "zitadel/api.h"

namespace symbolon::zitadel {

/// How a name is compared; the numbers are on the wire.
enum class TextMethod {
  equals = 0,
  equals_ignore_case,
  starts_with,
  starts_with_ignore_case,
  contains,
  contains_ignore_case,
  ends_with,
  ends_with_ignore_case,
};
bool matches(const std::string& name, const std::string& wanted, TextMethod method);

/// One condition; all of a search must hold.
struct ProviderCondition {
  enum class Kind { id, name, owner_type } kind = Kind::id;
  std::string text;
  TextMethod method = TextMethod::equals;
  int owner_type = 0;  ///< 1 instance, 2 organisation
};

/// A search as it was asked for (zitadel-idps §4.4, §4.8).
struct ProviderQuery {
  std::int64_t offset = 0;
  std::int64_t limit = 1000;
  std::vector<ProviderCondition> conditions;
};
std::expected<ProviderQuery, Error> read_provider_query(const Call& call);

struct FoundProviders {
  std::vector<model::Connection> shown;  ///< by id, from offset, at most limit
  std::int64_t total = 0;                ///< all that match
  std::int64_t sequence = 0;             ///< the highest of them
};
FoundProviders find_providers(db::Transaction& tx, const Call& call, const ProviderQuery& query);

}  // namespace symbolon::zitadel
