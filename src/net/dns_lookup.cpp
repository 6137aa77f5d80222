#include "net/dns_lookup.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <charconv>
#include <cstring>
#include <optional>

#include "http/address.h"

namespace symbolon::net {
namespace {

using Found = std::expected<std::vector<std::string>, std::string>;

constexpr int kSecondsPerTry = 2;
constexpr int kTries = 2;
constexpr std::size_t kMaxAnswer = 65535;
constexpr std::uint16_t kDnsPort = 53;

// The library's state for one lookup.
class Resolver {
 public:
  Resolver() : usable_(res_ninit(&state_) == 0) {
    state_.retrans = kSecondsPerTry;
    state_.retry = kTries;
  }
  ~Resolver() { res_nclose(&state_); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  void ask(const sockaddr_in& server) {
    state_.nscount = 1;
    state_.nsaddr_list[0] = server;
  }
  bool is_usable() const { return usable_; }
  /// Length of the answer; negative when there is none.
  int query(const std::string& name, std::vector<unsigned char>& answer) {
    return res_nquery(&state_, name.c_str(), ns_c_in, ns_t_txt, answer.data(), static_cast<int>(answer.size()));
  }
  bool says_nothing_there() const {
    return state_.res_h_errno == HOST_NOT_FOUND || state_.res_h_errno == NO_DATA;
  }

 private:
  struct __res_state state_{};
  bool usable_;
};

std::optional<sockaddr_in> parse_server(const std::string& text) {
  const auto colon = text.find(':');
  const auto address = http::parse_address(std::string_view(text).substr(0, colon));
  if (!address || !address->is_v4()) return std::nullopt;
  std::uint16_t port = kDnsPort;
  if (colon != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (error != std::errc() || stopped != end || port == 0) return std::nullopt;
  }
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(port);
  std::memcpy(&server.sin_addr, address->bytes().data(), 4);
  return server;
}

// A record is a row of texts, each led by its length (RFC 1035 §3.3.14); together they are one value.
std::optional<std::string> read_texts(const unsigned char* at, std::size_t size) {
  std::string value;
  while (size > 0) {
    const std::size_t length = *at;
    if (length + 1 > size) return std::nullopt;
    value.append(reinterpret_cast<const char*>(at + 1), length);
    at += length + 1;
    size -= length + 1;
  }
  return value;
}

Found read_answer(const std::vector<unsigned char>& answer, int length) {
  const std::unexpected<std::string> unreadable("the name server's answer could not be read");
  ns_msg message;
  if (ns_initparse(answer.data(), length, &message) < 0) return unreadable;
  std::vector<std::string> texts;
  for (int at = 0; at < ns_msg_count(message, ns_s_an); ++at) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, at, &record) < 0) return unreadable;
    if (ns_rr_type(record) != ns_t_txt) continue;
    auto text = read_texts(ns_rr_rdata(record), ns_rr_rdlen(record));
    if (!text) return unreadable;
    texts.push_back(std::move(*text));
  }
  return texts;
}

Found look_up(const std::string& server, const std::string& name) {
  Resolver resolver;
  if (!resolver.is_usable()) return std::unexpected("the system's name servers are not configured");
  if (!server.empty()) {
    const auto parsed = parse_server(server);
    if (!parsed) return std::unexpected("dns_server is not ADDRESS or ADDRESS:PORT");
    resolver.ask(*parsed);
  }
  std::vector<unsigned char> answer(kMaxAnswer);
  const int length = resolver.query(name, answer);
  if (length >= 0) return read_answer(answer, length);
  if (resolver.says_nothing_there()) return std::vector<std::string>();
  return std::unexpected("the name servers gave no answer for " + name);
}

}  // namespace

Task<Found> DnsLookup::find(std::string name) {
  co_return co_await thread_.run([&] { return look_up(server_, name); });
}

bool is_dns_server(const std::string& text) { return parse_server(text).has_value(); }

}  // namespace symbolon::net
