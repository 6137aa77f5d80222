#pragma once

#include <chrono>
#include <expected>
#include <string>

#include "http/address.h"
#include "http/client.h"
#include "http/url.h"
#include "net/curl_engine.h"
#include "net/trust_store.h"

namespace symbolon::net {

/// One request to one URL over a CurlTransfer: sets every option, collects the answer within its limits, and says what
/// went wrong. Redirects are reported, not followed. `request` outlives it.
class CurlRequest {
 public:
  CurlRequest(CurlEngine& engine, const TrustStore& trust, const http::OutboundRequest& request, const http::Url& url,
              std::size_t header_limit);
  ~CurlRequest();

  /// `limit`: for everything from the name's resolution to the last byte; above zero.
  Task<std::expected<http::OutboundResponse, http::FetchError>> send(std::chrono::milliseconds limit);
  /// Where the answer redirects to, as an absolute URL; empty when it does not.
  const std::string& redirect_url() const noexcept { return redirect_url_; }

 private:
  enum class Stop { none, address, repeat, body, header };

  static curl_socket_t on_open_socket(void* self, curlsocktype, curl_sockaddr* address);
  static int on_before_request(void* self, char* ip, char*, int, int);
  static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* self);

  void set_options(const http::Url& url);
  void set_method();
  void set_headers();
  void set_proxy();
  void add_header(const std::string& line);
  bool take_header(std::string_view line);
  http::FetchError explain(CURLcode code) const;
  http::FetchFailure failure_of(CURLcode code) const;

  const http::OutboundRequest& request_;
  const TrustStore& trust_;
  std::size_t header_limit_;
  CurlTransfer transfer_;
  curl_slist* headers_ = nullptr;
  char error_text_[CURL_ERROR_SIZE] = {};
  http::OutboundResponse response_;
  std::string redirect_url_;
  std::size_t header_bytes_ = 0;
  Stop stop_ = Stop::none;
  int requests_sent_ = 0;
  int addresses_tried_ = 0;
};

}  // namespace symbolon::net
