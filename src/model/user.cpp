#include "model/user.h"

namespace symbolon::model {

UserId make_user_id(std::string_view strategy, std::string_view connection_name, std::string_view subject) {
  std::string id(strategy);
  id += '|';
  id += connection_name;
  id += '|';
  id += subject;
  return UserId(std::move(id));
}

}  // namespace symbolon::model
