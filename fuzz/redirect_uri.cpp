// Comparison of redirect_uri: flags, callbacks and the requested URI, separated by NUL. Whatever is accepted must be
// read by a browser as the origin that we think it is, and must differ from a callback only where it may.

#include "oidc/redirect_uri.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.h"
#include "check.h"

namespace {

using namespace symbolon;

// How browsers read a special URL (WHATWG URL Standard §4.4), written without a look at our own parser.
struct BrowserUrl {
  std::string scheme, host, port;
};

std::optional<std::uint64_t> browser_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.front() == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  if (text.empty()) return 0;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A host whose last label is a number is an IPv4 address, in whatever notation.
std::string browser_host(std::string host) {
  host = to_lower_ascii(host);
  if (host.starts_with('[')) return host;
  auto labels = split_words(host, ".");
  if (labels.empty() || !browser_number(labels.back())) return host;
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto number = browser_number(labels[i]);
    if (!number) return "no host";
    address += i + 1 == labels.size() ? *number : *number << (8 * (3 - i));
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += (out.empty() ? "" : ".") + std::to_string(address >> shift & 255);
  return out;
}

BrowserUrl browser_url(std::string_view text) {
  std::string url;
  for (const char letter : text)
    if (letter != '\t' && letter != '\n' && letter != '\r') url.push_back(letter);
  while (!url.empty() && static_cast<unsigned char>(url.front()) <= 0x20) url.erase(url.begin());
  const auto colon = url.find(':');
  BrowserUrl seen{to_lower_ascii(url.substr(0, colon)), {}, {}};
  const auto start = std::min(url.find_first_not_of("/\\", colon + 1), url.size());
  std::string authority = url.substr(start, url.find_first_of("/\\?#", start) - start);
  if (const auto at = authority.rfind('@'); at != std::string::npos) authority.erase(0, at + 1);
  const auto bracket = authority.find(']');
  const auto port = authority.find(':', bracket == std::string::npos ? 0 : bracket);
  if (port != std::string::npos) seen.port = authority.substr(port + 1);
  seen.host = browser_host(authority.substr(0, port));
  return seen;
}

std::string browser_origin(const BrowserUrl& url) {
  const bool usual =
      url.port.empty() || (url.scheme == "https" && url.port == "443") || (url.scheme == "http" && url.port == "80");
  return url.scheme + "://" + url.host + (usual ? "" : ":" + url.port);
}

bool is_loopback(const std::string& host) { return host == "127.0.0.1" || host == "[::1]" || host == "localhost"; }

bool is_explained_by(const std::string& entry, const std::string& uri, const model::Client& client) {
  if (entry.contains('#')) return false;
  if (equals_ignoring_case(entry, uri)) return true;
  const BrowserUrl seen = browser_url(uri);
  if (client.app_type == "native" && seen.scheme == "http" && is_loopback(seen.host)) return true;
  const auto star = entry.find('*');
  if (!client.first_party || star == std::string::npos || uri.size() + 1 <= entry.size() - 1) return false;
  const std::string_view after = std::string_view(entry).substr(star + 1);
  const std::string_view label = std::string_view(uri).substr(star, uri.size() - (entry.size() - 1));
  return equals_ignoring_case(std::string_view(uri).substr(0, star), std::string_view(entry).substr(0, star)) &&
         equals_ignoring_case(std::string_view(uri).substr(uri.size() - after.size()), after) &&
         label.find_first_of("./\\:@?#[]%") == std::string_view::npos && after.contains('.');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view input = view(bytes, size);
  if (input.empty()) return 0;
  model::Client client;
  client.first_party = (input.front() & 1) == 0;
  client.app_type = (input.front() & 2) == 0 ? "regular_web" : "native";
  input.remove_prefix(1);
  std::vector<std::string> parts = split_words(input, std::string_view("\0", 1));
  if (parts.empty()) return 0;
  const std::string requested = std::move(parts.back());
  parts.pop_back();
  client.callbacks = std::move(parts);

  const auto redirect = oidc::check_redirect_uri(client, requested);
  if (!redirect) return 0;
  check(redirect->uri() == requested);
  check(std::ranges::all_of(requested, [](char letter) { return letter > 0x20 && letter < 0x7f && letter != '\\'; }));
  check(std::ranges::any_of(client.callbacks,
                            [&](const std::string& entry) { return is_explained_by(entry, requested, client); }));
  const BrowserUrl seen = browser_url(requested);
  check(redirect->is_web() == (seen.scheme == "https" || seen.scheme == "http"));
  if (redirect->is_web())
    check(browser_origin(seen) == redirect->origin());
  else
    check(seen.scheme.contains('.'));
  return 0;
}
