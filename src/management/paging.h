#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crypto/secret_box.h"
#include "management/api.h"
#include "management/problem.h"
#include "store/page.h"

namespace symbolon::management {

/// What an endpoint allows (management-api §1.5).
struct PagingRules {
  std::string plural;              ///< `connections`
  std::int64_t default_per_page = 50;
  std::int64_t default_take = 50;
  std::int64_t offset_cap = 0;     ///< reach of the offset style in rows; 0: no cap
  bool checkpoint_only = false;
  bool with_length = false;        ///< wrappers carry `length` too (users, logs)
};

/// The style that a call asked for and the window it means. `take` or `from` decides for cursors, whatever else is sent
/// with it (D24).
struct Paging {
  store::Window window;
  bool checkpoint = false;
  bool wrapped = false;
  std::string filters;  ///< canonical text of the other parameters; cursors are bound to it
};

/// `resource` names the list, so that a cursor of one is worth nothing on another (threats T57).
std::expected<Paging, Problem> read_paging(const Call& call, const PagingRules& rules, std::string_view resource,
                                           const crypto::SecretBox& box, Instant now);

/// The answer in the style of the call.
boost::json::value page_answer(const PagingRules& rules, const Paging& paging, boost::json::array items,
                               std::optional<std::int64_t> next, std::int64_t total, const Call& call,
                               const crypto::SecretBox& box, Instant now);

/// page_answer() for items that are JSON text already, as the body of the answer.
std::string page_text(const PagingRules& rules, const Paging& paging, const std::vector<std::string>& items,
                      std::optional<std::int64_t> next, std::int64_t total, const Call& call,
                      const crypto::SecretBox& box, Instant now);

/// `fields` and `include_fields` (management-api §1.6): keeps or drops top-level members; `id_member` always stays.
class FieldFilter {
 public:
  /// Keeps all.
  FieldFilter() = default;
  FieldFilter(const Call& call, std::string id_member);
  bool keeps(std::string_view member) const;
  boost::json::object apply(boost::json::object object) const;

 private:
  std::vector<std::string> names_;
  bool include_ = true;
  std::string id_member_;
};

}  // namespace symbolon::management
