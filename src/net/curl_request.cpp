#include "net/curl_request.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>

#include "base/text.h"

namespace symbolon::net {
namespace {

// Behind the operator's own proxy the target is the proxy's to judge; every other address is judged here.
bool is_checked(const http::EgressPolicy& policy) { return policy.proxy.empty() || !policy.proxy_is_operators; }

using http::FetchError;
using http::FetchFailure;
using http::Method;

constexpr long kMaxConnectionAge = 600;  // seconds; so that a moved host is noticed
constexpr long kIdleReuse = 60;
// A server may close an idle connection while a request is on its way. Only a request that may be repeated is sent over
// one that has been idle for long; Node's servers close after five seconds.
constexpr long kIdleReuseOnce = 4;
constexpr std::size_t kMaxFields = 256;
constexpr std::size_t kDetailBytes = 300;

std::optional<http::Address> address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, bytes.size());
    return http::Address::v4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, bytes.size());
    return http::Address::v6(bytes);
  }
  return std::nullopt;
}

bool may_be_repeated(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  if (curl_easy_setopt(easy, option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
}

}  // namespace

CurlRequest::CurlRequest(CurlEngine& engine, const TrustStore& trust, const http::OutboundRequest& request,
                         const http::Url& url, std::size_t header_limit)
    : request_(request), trust_(trust), header_limit_(header_limit), transfer_(engine) {
  set_options(url);
  set_method();
  set_headers();
  set_proxy();
}

CurlRequest::~CurlRequest() { curl_slist_free_all(headers_); }

Task<std::expected<http::OutboundResponse, FetchError>> CurlRequest::send(std::chrono::milliseconds limit) {
  set(transfer_.easy(), CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
  set(transfer_.easy(), CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::min(request_.connect_timeout, limit).count()));
  const CURLcode code = co_await transfer_.perform();
  if (code != CURLE_OK) co_return std::unexpected(explain(code));

  long status = 0;
  curl_easy_getinfo(transfer_.easy(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  const char* redirect = nullptr;
  curl_easy_getinfo(transfer_.easy(), CURLINFO_REDIRECT_URL, &redirect);
  if (redirect != nullptr) redirect_url_ = redirect;
  co_return std::move(response_);
}

void CurlRequest::set_options(const http::Url& url) {
  CURL* easy = transfer_.easy();
  set(easy, CURLOPT_URL, url.str().c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, request_.egress.allow_http ? "https,http" : "https");
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(easy, CURLOPT_NOSIGNAL, 1L);
  // Otherwise a call that is given up while its name is being resolved makes this thread wait for the resolver.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_MAXAGE_CONN, may_be_repeated(request_.method) ? kIdleReuse : kIdleReuseOnce);
  set(easy, CURLOPT_MAXLIFETIME_CONN, kMaxConnectionAge);
  set(easy, CURLOPT_ERRORBUFFER, error_text_);

  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  trust_.apply(easy, request_.egress.ca_pem);

  set(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlRequest::on_open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, this);
  set(easy, CURLOPT_PREREQFUNCTION, &CurlRequest::on_before_request);
  set(easy, CURLOPT_PREREQDATA, this);
  set(easy, CURLOPT_HEADERFUNCTION, &CurlRequest::on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &CurlRequest::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
}

void CurlRequest::set_method() {
  CURL* easy = transfer_.easy();
  switch (request_.method) {
    case Method::get:
      set(easy, CURLOPT_HTTPGET, 1L);
      return;
    case Method::head:
      set(easy, CURLOPT_NOBODY, 1L);
      return;
    case Method::post:
    case Method::put:
    case Method::patch:
      set(easy, CURLOPT_POST, 1L);
      break;
    case Method::del:
    case Method::options:
    case Method::other:
      if (!request_.body.empty()) set(easy, CURLOPT_POST, 1L);
      break;
  }
  set(easy, CURLOPT_CUSTOMREQUEST, std::string(to_string(request_.method)).c_str());
  set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  if (!request_.body.empty()) set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
}

void CurlRequest::set_headers() {
  add_header("Accept-Encoding: identity");
  // libcurl's own: a content type that nobody chose, and a round trip before a body.
  add_header("Content-Type:");
  add_header("Expect:");
  for (const auto& [name, value] : request_.headers) add_header(value.empty() ? name + ";" : name + ": " + value);
  set(transfer_.easy(), CURLOPT_HTTPHEADER, headers_);
}

void CurlRequest::add_header(const std::string& line) {
  curl_slist* longer = curl_slist_append(headers_, line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  headers_ = longer;
}

// An empty CURLOPT_PROXY also keeps the environment's proxy out.
void CurlRequest::set_proxy() {
  CURL* easy = transfer_.easy();
  set(easy, CURLOPT_PROXY, request_.egress.proxy.c_str());
  set(easy, CURLOPT_NOPROXY, "");
  if (request_.egress.proxy.empty()) return;
  set(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

// The address that is about to be connected to, whatever the name resolved to a moment ago: refused here, no packet
// leaves.
curl_socket_t CurlRequest::on_open_socket(void* self, curlsocktype, curl_sockaddr* target) {
  auto& request = *static_cast<CurlRequest*>(self);
  const auto address = address_of(target->addr);
  const http::EgressPolicy& policy = request.request_.egress;
  if (is_checked(policy) && (!address || !permits(policy, *address))) {
    request.stop_ = Stop::address;
    return CURL_SOCKET_BAD;
  }
  ++request.addresses_tried_;
  return ::socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

// Called before each request, also over a connection that an earlier call opened under its own policy.
int CurlRequest::on_before_request(void* self, char* ip, char*, int, int) {
  auto& request = *static_cast<CurlRequest*>(self);
  const http::EgressPolicy& policy = request.request_.egress;
  if (is_checked(policy)) {
    const auto address = http::parse_address(ip);
    if (!address || !permits(policy, *address)) {
      request.stop_ = Stop::address;
      return CURL_PREREQFUNC_ABORT;
    }
  }
  // libcurl sends again when a reused connection breaks before an answer; the first may have been acted upon.
  if (request.requests_sent_ > 0 && !may_be_repeated(request.request_.method)) {
    request.stop_ = Stop::repeat;
    return CURL_PREREQFUNC_ABORT;
  }
  ++request.requests_sent_;
  return CURL_PREREQFUNC_OK;
}

std::size_t CurlRequest::on_header(char* bytes, std::size_t, std::size_t count, void* self) {
  auto& request = *static_cast<CurlRequest*>(self);
  return request.take_header({bytes, count}) ? count : 0;
}

bool CurlRequest::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > header_limit_ || response_.headers.all().size() == kMaxFields) {
    stop_ = Stop::header;
    return false;
  }
  if (line.starts_with("HTTP/")) {
    response_.headers = {};  // what came before belongs to an interim answer
    return true;
  }
  const auto colon = line.find(':');
  if (colon != std::string_view::npos)
    response_.headers.add(line.substr(0, colon), std::string(trim(line.substr(colon + 1))));
  return true;
}

std::size_t CurlRequest::on_body(char* bytes, std::size_t, std::size_t count, void* self) {
  auto& request = *static_cast<CurlRequest*>(self);
  if (count > request.request_.max_body_bytes - request.response_.body.size()) {
    request.stop_ = Stop::body;
    return 0;
  }
  request.response_.body.append(bytes, count);
  return count;
}

FetchError CurlRequest::explain(CURLcode code) const {
  FetchError error{.failure = failure_of(code), .detail = {}, .sent_nothing = requests_sent_ == 0};
  switch (stop_) {
    case Stop::address:
      error.detail = "the address is not a public one, and the allow-list does not have it";
      break;
    case Stop::repeat:
      error.detail = "the server closed the connection without an answer";
      break;
    case Stop::body:
      error.detail = "the answer is longer than " + std::to_string(request_.max_body_bytes) + " bytes";
      break;
    case Stop::header:
      error.detail = "the answer's header is too long";
      break;
    case Stop::none:
      error.detail = printable(error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code), kDetailBytes);
  }
  return error;
}

FetchFailure CurlRequest::failure_of(CURLcode code) const {
  switch (stop_) {
    case Stop::address:
      // Of several addresses some may have been permitted, and tried in vain.
      if (code == CURLE_ABORTED_BY_CALLBACK || addresses_tried_ == 0) return FetchFailure::address_not_allowed;
      break;
    case Stop::repeat:
      return FetchFailure::protocol;
    case Stop::body:
    case Stop::header:
      return FetchFailure::too_large;
    case Stop::none:
      break;
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return FetchFailure::dns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return FetchFailure::connect;
    case CURLE_OPERATION_TIMEDOUT:
      return FetchFailure::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return FetchFailure::tls;
    case CURLE_URL_MALFORMAT:
      return FetchFailure::bad_url;
    case CURLE_UNSUPPORTED_PROTOCOL:  // also an answer without a status line
      return requests_sent_ == 0 ? FetchFailure::bad_url : FetchFailure::protocol;
    case CURLE_FILESIZE_EXCEEDED:
      return FetchFailure::too_large;
    default:
      return requests_sent_ == 0 && !request_.egress.proxy.empty() ? FetchFailure::connect : FetchFailure::protocol;
  }
}

}  // namespace symbolon::net
