#include "store/text_list.h"

#include <boost/json.hpp>

#include "db/transaction.h"
#include "json/parse.h"

namespace symbolon::store {

std::string pack_list(const std::vector<std::string>& list) {
  if (list.empty()) return {};
  return boost::json::serialize(boost::json::value_from(list));
}

std::vector<std::string> unpack_list(std::string_view text) {
  if (text.empty()) return {};
  std::vector<std::string> list;
  bool good = false;
  if (const auto parsed = json::parse(text); parsed && parsed->is_array()) {
    good = true;
    for (const boost::json::value& item : parsed->get_array()) {
      const auto* string = item.if_string();
      if (string != nullptr) list.emplace_back(*string);
      good = good && string != nullptr;
    }
  }
  if (!good) throw db::DatabaseError("a stored list cannot be read");
  return list;
}

}  // namespace symbolon::store
