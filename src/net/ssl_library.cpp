// The compiled part of Asio's TLS; the rest of Asio is in base/asio_library.cpp.
#include <boost/asio/ssl/impl/src.hpp>
