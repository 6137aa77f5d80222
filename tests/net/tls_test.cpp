#include "net/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <fstream>

#include "support/raw_connection.h"
#include "support/temporary_folder.h"
#include "support/test_identity.h"
#include "support/test_server.h"

namespace symbolon::net {
namespace {

using testing::HasSubstr;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

Task<http::Response> hello(http::Request request) {
  co_return http::json_response(200, request.path == "/large" ? std::string(300'000, 'x') : "hello");
}

const TestIdentity& identity() {
  static const TestIdentity kMade = TestIdentity::make({"localhost"});
  return kMade;
}

TEST(Tls, ServesOverHttpsWithAlpn) {
  TestServer server(hello, TestServer::with_tls(identity().identity));
  RawConnection client(server.port(), {.ca_pem = identity().ca_pem});
  const unsigned char* protocol = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(client.tls(), &protocol, &length);
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(protocol), length), "http/1.1");

  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    EXPECT_EQ(client.read_response().body, "hello");
  }
  client.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read_response().body.size(), 300'000u);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(SSL_get_shutdown(client.tls()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN)
      << "an end that could be forged";
}

TEST(Tls, RefusesOldVersions) {
  TestServer server(hello, TestServer::with_tls(identity().identity));
  EXPECT_THROW(RawConnection(server.port(), {.ca_pem = identity().ca_pem, .newest_version = TLS1_1_VERSION}),
               std::runtime_error);
  RawConnection client(server.port(), {.ca_pem = identity().ca_pem, .newest_version = TLS1_2_VERSION});
  client.send(kGet);
  EXPECT_EQ(client.read_response().status, 200);
}

TEST(Tls, ResumesSessionsOnEveryThread) {
  TestServer server(hello, [](ServerOptions& options) {
    TestServer::with_tls(identity().identity)(options);
    options.threads = 2;
  });
  SSL_SESSION* session = nullptr;
  {
    RawConnection client(server.port(), {.ca_pem = identity().ca_pem});
    client.send(kGet);
    client.read_response();
    session = SSL_get1_session(client.tls());
  }
  for (int i = 0; i < 8; ++i) {
    RawConnection client(server.port(), {.ca_pem = identity().ca_pem, .session = session});
    EXPECT_TRUE(SSL_session_reused(client.tls()));
  }
  SSL_SESSION_free(session);
}

TEST(Tls, SurvivesAClientThatSpeaksPlainHttp) {
  TestServer server(hello, TestServer::with_tls(identity().identity));
  RawConnection plain(server.port());
  plain.send(kGet);
  plain.read_to_end();
  RawConnection client(server.port(), {.ca_pem = identity().ca_pem});
  client.send(kGet);
  EXPECT_EQ(client.read_response().status, 200);
}

TEST(Tls, GivesUpOnASlowHandshake) {
  TestServer server(hello, [](ServerOptions& options) {
    TestServer::with_tls(identity().identity)(options);
    options.limits.header_timeout = std::chrono::milliseconds(50);
  });
  RawConnection silent(server.port());
  EXPECT_EQ(silent.read_to_end(), "");
}

TEST(Tls, RefusesALargeBodyReadably) {
  TestServer server(hello, TestServer::with_tls(identity().identity));
  RawConnection client(server.port(), {.ca_pem = identity().ca_pem});
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n" + std::string(200'000, 'x'));
  EXPECT_EQ(client.read_response().status, 413);
}

std::string tls_failure(const TlsIdentity& wrong) {
  try {
    server_tls(wrong);
  } catch (const TlsError& error) {
    return error.what();
  }
  return "";
}

TEST(Tls, SaysWhatIsWrongWithTheIdentity) {
  const TlsIdentity& good = identity().identity;
  EXPECT_EQ(tls_failure(good), "");
  EXPECT_THAT(tls_failure({.chain_pem = "nonsense", .key_pem = good.key_pem}), HasSubstr("certificate"));
  EXPECT_THAT(tls_failure({.chain_pem = good.chain_pem, .key_pem = "nonsense"}), HasSubstr("key"));
  EXPECT_THAT(tls_failure({.chain_pem = good.chain_pem, .key_pem = TestIdentity::make({"localhost"}).identity.key_pem}),
              HasSubstr("key"));
}

TEST(Tls, ReadsTheIdentityFromFiles) {
  const TemporaryFolder folder;
  std::ofstream(folder / "chain.pem") << identity().identity.chain_pem;
  std::ofstream(folder / "key.pem") << identity().identity.key_pem;
  EXPECT_EQ(tls_failure(read_tls_identity(folder / "chain.pem", folder / "key.pem")), "");
  try {
    read_tls_identity(folder / "chain.pem", folder / "absent.pem");
    ADD_FAILURE() << "read a file that does not exist";
  } catch (const TlsError& error) {
    EXPECT_THAT(error.what(), HasSubstr("absent.pem"));
  }
}

}  // namespace
}  // namespace symbolon::net
