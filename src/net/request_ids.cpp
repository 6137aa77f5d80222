#include "net/request_ids.h"

#include <string_view>

#include "base/encoding.h"

namespace symbolon::net {

std::string RequestIds::next() {
  if (used_ == pool_.size()) {
    random_.fill(pool_);
    used_ = 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(pool_.data()) + used_, kBytes);
  used_ += kBytes;
  return hex_encode(bytes);
}

}  // namespace symbolon::net
