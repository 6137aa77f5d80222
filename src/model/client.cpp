#include "model/client.h"

#include "base/text.h"

namespace symbolon::model {

bool Client::allows_grant(std::string_view grant_type) const { return contains(grant_types, grant_type); }

}  // namespace symbolon::model
