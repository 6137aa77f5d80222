// Url, against itself and against libcurl: whatever our parser takes, the client that we hand it to must read the same
// host and port from it (threats T18, T40).

#include "http/url.h"

#include <curl/curl.h>

#include <memory>
#include <string>

#include "base/text.h"
#include "check.h"
#include "http/address.h"

namespace {

using namespace symbolon;

std::string curl_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

std::string bare(std::string_view host) {
  return std::string(host.starts_with('[') ? host.substr(1, host.size() - 2) : host);
}

bool same_host(std::string_view ours, std::string_view theirs) {
  const auto address = http::parse_address(bare(ours));
  return address ? address == http::parse_address(bare(theirs)) : equals_ignoring_case(ours, theirs);
}

void compare_with_curl(const http::Url& url, const std::string& text) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> curl(curl_url(), curl_url_cleanup);
  check(curl_url_set(curl.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS | CURLU_DISALLOW_USER) == CURLUE_OK);
  check(same_host(url.host, curl_part(curl.get(), CURLUPART_HOST)));
  check(url.port == curl_part(curl.get(), CURLUPART_PORT));
  check(curl_part(curl.get(), CURLUPART_USER).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(view(bytes, size));
  const auto url = http::parse_url(text);
  if (!url) return 0;
  check(http::parse_url(url->str()) == url);
  check(equals_ignoring_case(url->str(), text));
  check(!url->authority().contains('@') && !url->authority().contains('%'));
  check(url->path.empty() || url->path.starts_with('/'));
  (void)url->is_loopback();
  if (url->is_http() || url->is_https()) {
    check(!url->host.empty());
    if (size < 4096) compare_with_curl(*url, text);
    const auto extended = http::parse_url(http::with_query(text, {{"state", "a b&c"}}));
    check(extended && extended->origin() == url->origin() && extended->query->ends_with("state=a%20b%26c"));
  }
  return 0;
}
