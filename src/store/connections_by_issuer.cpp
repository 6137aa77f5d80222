#include <boost/json.hpp>

#include "store/connection_row.h"
#include "store/connection_store.h"
#include "store/row_reader.h"

namespace symbolon::store {
namespace {

// Any text that holds `part`; only its own letters, whatever LIKE means by them.
std::string pattern_for(std::string_view part) {
  std::string pattern = "%";
  for (const char letter : part) {
    if (letter == '%' || letter == '_' || letter == '\\') pattern.push_back('\\');
    pattern.push_back(letter);
  }
  return pattern + "%";
}

}  // namespace

std::vector<model::Connection> ConnectionStore::list_with_issuer(std::string_view issuer) {
  static const std::string kSql =
      "SELECT " + std::string(kConnectionColumns) + " FROM connections c WHERE c.tenant = ?1 AND c.settings LIKE ?2 ESCAPE '\\' ORDER BY c.seq";
  // As it stands in the settings; another member may have the same value.
  const std::string member = "\"issuer\":" + boost::json::serialize(boost::json::string(issuer));
  auto found = read_all(tx_.query(kSql, {tenant_, pattern_for(member)}), read_connection);
  std::erase_if(found, [&](const model::Connection& one) { return one.upstream.issuer != issuer; });
  return found;
}

}  // namespace symbolon::store
