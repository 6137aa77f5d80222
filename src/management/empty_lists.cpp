#include "management/empty_lists.h"

namespace symbolon::management {
namespace {

Task<Answer> answer_empty(std::string plural) {
  boost::json::object body;
  body[plural] = boost::json::array();
  co_return json_answer(200, body);
}

}  // namespace

void register_empty_lists(Api& api) {
  for (const std::string plural : {"directory_provisionings", "user_attribute_profiles", "connection_profiles"})
    api.on(plural + "_list", [plural](Call) { return answer_empty(plural); });
}

}  // namespace symbolon::management
