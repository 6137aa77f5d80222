#include "net/dns_lookup.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "support/run_task.h"

// A name server of one socket answers what each test scripts; nothing leaves this machine.
namespace symbolon::net {
namespace {

using testing::ElementsAre;
using Bytes = std::string;

Bytes number16(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)}; }

/// One resource record at the question's name.
Bytes record(unsigned type, const Bytes& content) {
  return Bytes("\xc0\x0c", 2) + number16(type) + number16(1) + Bytes(4, '\0') +
         number16(static_cast<unsigned>(content.size())) + content;
}

Bytes text_record(std::initializer_list<std::string> texts) {
  Bytes content;
  for (const std::string& text : texts) content += static_cast<char>(text.size()) + text;
  return record(16, content);
}

/// The answer to `query` with a response code and records; the question is repeated as it came.
Bytes answer(const Bytes& query, unsigned code, const std::vector<Bytes>& records) {
  Bytes reply = query.substr(0, 2) + number16(0x8180 | code) + number16(1) +
                number16(static_cast<unsigned>(records.size())) + number16(0) + number16(0);
  Bytes question = query.substr(12);
  question.resize(question.find('\0') + 5);
  reply += question;
  for (const Bytes& one : records) reply += one;
  return reply;
}

class NameServer {
 public:
  using Script = std::function<Bytes(const Bytes& query)>;

  explicit NameServer(Script script) : script_(std::move(script)), socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~NameServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() {
    char buffer[2048];
    for (;;) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto got = ::recvfrom(socket_, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (got <= 0) return;
      const Bytes reply = script_(Bytes(buffer, static_cast<std::size_t>(got)));
      ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
    }
  }

  const Script script_;
  const int socket_;
  unsigned port_ = 0;
  std::thread thread_;
};

std::expected<std::vector<std::string>, std::string> find(const NameServer& server, const std::string& name) {
  DnsLookup lookup(server.address());
  return run_task(lookup.find(name));
}

TEST(DnsLookup, FindsEveryTextRecordAndJoinsTheirParts) {
  Bytes asked;
  {
    const NameServer server([&asked](const Bytes& query) {
      asked = query;
      return answer(query, 0,
                    {text_record({"first ", "and second"}), record(5, Bytes("\0", 1)), text_record({"other"})});
    });
    EXPECT_THAT(find(server, "_proof.login.example.com").value(), ElementsAre("first and second", "other"));
  }
  EXPECT_TRUE(asked.contains(Bytes("\x06_proof\x05login\x07" "example\x03" "com", 24)));
}

TEST(DnsLookup, ANameWithoutRecordsIsNoError) {
  const NameServer missing([](const Bytes& query) { return answer(query, 3, {}); });
  EXPECT_THAT(find(missing, "nowhere.example").value(), ElementsAre());
  const NameServer empty([](const Bytes& query) { return answer(query, 0, {}); });
  EXPECT_THAT(find(empty, "empty.example").value(), ElementsAre());
}

TEST(DnsLookup, SaysWhenThereIsNoAnswerToReadIn) {
  const NameServer failing([](const Bytes& query) { return answer(query, 2, {}); });
  EXPECT_EQ(find(failing, "x.example").error(), "the name servers gave no answer for x.example");
  // The text says that it is longer than its record.
  const NameServer lying([](const Bytes& query) { return answer(query, 0, {record(16, Bytes("\x20short", 6))}); });
  EXPECT_EQ(find(lying, "x.example").error(), "the name server's answer could not be read");
  const NameServer cut([](const Bytes& query) {
    const Bytes whole = answer(query, 0, {text_record({"text"})});
    return whole.substr(0, whole.size() - 3);
  });
  EXPECT_FALSE(find(cut, "x.example"));
}

TEST(DnsLookup, NamesServersByAddress) {
  for (const char* usable : {"192.0.2.53", "127.0.0.1:5353", "192.0.2.53:65535"}) EXPECT_TRUE(is_dns_server(usable)) << usable;
  for (const char* spoiled : {"", "ns.example", "192.0.2", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536",
                              "192.0.2.53:53x", "[2001:db8::53]", "2001:db8::53"})
    EXPECT_FALSE(is_dns_server(spoiled)) << spoiled;
}

}  // namespace
}  // namespace symbolon::net
