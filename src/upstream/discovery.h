#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "http/client.h"
#include "model/upstream_settings.h"

namespace symbolon::upstream {

/// Outcome of looking a provider's configuration up (login-runtime RP-3…RP-7, DB-10…DB-14).
struct Discovery {
  enum class Status { ok, not_found, invalid };
  struct Problem {
    std::string member, code;
  };
  struct Warning {
    std::string code, detail;
  };

  Status status = Status::not_found;
  std::string requested_url;
  int http_status = 0;
  std::string reason;  ///< DB-12: dns, connect, tls, timeout, http_404, not_json, …; empty when ok
  std::vector<Problem> problems;
  std::vector<Warning> warnings;  ///< issuer_mismatch, front_channel_not_advertised, …
  std::string document;           ///< JSON object as received; empty when not found
  std::string issuer;
  struct Suggestions {
    std::string type, pkce, token_endpoint_auth_method;
    std::vector<std::string> scopes_missing;
  } suggestions;
};

std::string_view to_string(Discovery::Status status);

/// The one candidate URL for what a person typed: base or full URL, scheme optional (RP-3). Nullopt when it is no URL.
std::optional<std::string> discovery_candidate(std::string_view typed);

/// Judges a document against RP-5…RP-7 for `channel`; `requested_url` is where it came from. Pure.
Discovery judge_document(std::string_view document, std::string_view requested_url,
                         std::optional<model::Channel> channel);

class Discoverer {
 public:
  explicit Discoverer(http::Client& client) : client_(client) {}

  /// Fetches and judges. Never throws for what the other side does.
  Task<Discovery> discover(std::string typed_url, std::optional<model::Channel> channel, http::EgressPolicy egress);

 private:
  http::Client& client_;
};

}  // namespace symbolon::upstream
