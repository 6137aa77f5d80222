#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace symbolon {

class ScriptedServer;

/// The server's end of one connection, driven by a script.
class ScriptedConnection {
 public:
  ScriptedConnection(ScriptedServer& server, int socket, int number)
      : server_(server), socket_(socket), number_(number) {}

  /// 1 for the first connection that the server took.
  int number() const noexcept { return number_; }
  /// The next request with its body; nullopt when the client is gone.
  std::optional<std::string> read_request();
  /// False when the client is gone.
  bool send(std::string_view bytes);
  /// Says nothing until the client is gone or the test ends.
  void hang();

 private:
  bool receive();

  ScriptedServer& server_;
  int socket_;
  int number_;
  std::string buffer_;
};

/// A server on 127.0.0.1 that does what no honest one does. Runs the script for each connection on a thread of its own;
/// the connection is closed when the script returns.
class ScriptedServer {
 public:
  using Script = std::function<void(ScriptedConnection&)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  std::string url(std::string_view path = "/", std::string_view scheme = "http",
                  std::string_view host = "127.0.0.1") const {
    return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(port_) + std::string(path);
  }
  int connections() const;
  /// Every request that was read, head and body.
  std::vector<std::string> requests() const;

  /// A script that gives the same answer to every request on a connection.
  static Script always(std::string answer);

 private:
  friend class ScriptedConnection;
  void accept_all();

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::string> requests_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

/// A port of 127.0.0.1 on which nobody listens, kept from others as long as this lives.
class ClosedPort {
 public:
  ClosedPort();
  ~ClosedPort();
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  std::uint16_t port() const noexcept { return port_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace symbolon
