#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "http/txt_lookup.h"

namespace symbolon {

/// TXT records by name, as a test wrote them. Any thread.
class FakeTxtLookup final : public http::TxtLookup {
 public:
  using Found = std::expected<std::vector<std::string>, std::string>;

  void write(const std::string& name, Found found) {
    const std::lock_guard lock(mutex_);
    records_[name] = std::move(found);
  }

  Task<Found> find(std::string name) override {
    const std::lock_guard lock(mutex_);
    const auto record = records_.find(name);
    co_return record == records_.end() ? Found(std::vector<std::string>()) : record->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Found> records_;
};

}  // namespace symbolon
