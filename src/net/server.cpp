#include "net/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <thread>

#include "base/log.h"
#include "net/loop.h"
#include "net/tls.h"

namespace symbolon::net {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::string place(const Listener& listener, std::uint16_t port) {
  const bool v6 = listener.address.contains(':');
  return (v6 ? "[" + listener.address + "]" : listener.address) + ":" + std::to_string(port);
}

ListenError listen_error(const Listener& listener, std::uint16_t port, const boost::system::error_code& error) {
  std::string why = error.message();
  if (error == asio::error::address_in_use) why = "another program listens there";
  if (error == asio::error::access_denied) why = "not permitted; take a port above 1023 or grant CAP_NET_BIND_SERVICE";
  if (error == boost::system::errc::address_not_available) why = "this machine has no such address";
  return ListenError("cannot listen on " + place(listener, port) + ": " + why);
}

Loop::Acceptor open_acceptor(asio::io_context& context, const Listener& listener, std::uint16_t port, bool share_port) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(listener.address, error);
  if (error) throw ListenError("cannot listen on " + place(listener, port) + ": the address is no IP address");
  Loop::Acceptor acceptor(context.get_executor());
  const Tcp::endpoint endpoint(address, port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && share_port) acceptor.set_option(ReusePort(true), error);
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw listen_error(listener, port, error);
  return acceptor;
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  Dispatch dispatch;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  std::vector<std::uint16_t> ports;

  void listen(const Listener& listener) {
    const auto tls = listener.tls ? server_tls(*listener.tls) : nullptr;
    const bool share_port = loops.size() > 1;
    std::uint16_t port = listener.port;
    // SO_REUSEPORT would silently share the port with another process of ours: a first socket without it finds out.
    if (share_port && port != 0) open_acceptor(loops[0]->context(), listener, port, false);
    for (const auto& loop : loops) {
      Loop::Acceptor acceptor = open_acceptor(loop->context(), listener, port, share_port);
      port = acceptor.local_endpoint().port();
      loop->add_acceptor(std::move(acceptor), tls);
    }
    ports.push_back(port);
    log::info("listening", {{"address", place(listener, port)}, {"tls", tls != nullptr}});
  }
};

Server::Server(ServerOptions options, Dispatch dispatch, const Clock& clock, Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(dispatch))) {
  for (unsigned i = 0; i < std::max(impl_->options.threads, 1u); ++i)
    impl_->loops.push_back(std::make_unique<Loop>(impl_->options, impl_->dispatch, clock, random));
  for (const Listener& listener : impl_->options.listeners) impl_->listen(listener);
}

Server::~Server() { stop(); }

void Server::start() {
  for (const auto& loop : impl_->loops) impl_->threads.emplace_back([&loop = *loop] { loop.run(); });
}

void Server::stop() {
  for (const auto& loop : impl_->loops) loop->begin_stop();
  for (std::thread& thread : impl_->threads) thread.join();
  impl_->threads.clear();
}

void Server::spawn(Task<void> job) { impl_->loops.front()->spawn(std::move(job)); }

std::uint16_t Server::listen_port(std::size_t listener) const { return impl_->ports.at(listener); }

}  // namespace symbolon::net
