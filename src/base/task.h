#pragma once

#include <boost/asio/awaitable.hpp>

namespace symbolon {

/// A coroutine that yields a `T`. Runs on the io_context of whoever awaits it.
template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace symbolon
