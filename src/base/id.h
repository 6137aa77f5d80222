#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace symbolon {

/// A string identifier of one kind. Goes in explicitly and comes out through `str()`, so that a ClientId never
/// meets a UserId by accident.
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}

  const std::string& str() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }

  friend auto operator<=>(const Id&, const Id&) = default;
  friend bool operator==(const Id&, const Id&) = default;

 private:
  std::string value_;
};

using TenantId = Id<struct TenantTag>;
using ClientId = Id<struct ClientTag>;
using ConnectionId = Id<struct ConnectionTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using GrantId = Id<struct GrantTag>;

}  // namespace symbolon

template <class Tag>
struct std::hash<symbolon::Id<Tag>> {
  std::size_t operator()(const symbolon::Id<Tag>& id) const noexcept { return std::hash<std::string>()(id.str()); }
};
