#pragma once

#include <string>

#include "http/txt_lookup.h"
#include "net/worker_pool.h"

namespace symbolon::net {

/// TXT records through the system's resolver library, on a thread of its own: a name server that is slow keeps only
/// other lookups waiting, a few seconds at most.
class DnsLookup final : public http::TxtLookup {
 public:
  /// `server` is ADDRESS or ADDRESS:PORT (IPv4) of the name server to ask; empty for those of the system.
  explicit DnsLookup(std::string server) : server_(std::move(server)), thread_(1) {}

  Task<std::expected<std::vector<std::string>, std::string>> find(std::string name) override;

 private:
  const std::string server_;
  WorkerPool thread_;
};

/// Whether `text` names a server as DnsLookup takes it.
bool is_dns_server(const std::string& text);

}  // namespace symbolon::net
