// The compiled part of Asio, once for the whole program (BOOST_ASIO_SEPARATE_COMPILATION); TLS's is in net/.
#include <boost/asio/impl/src.hpp>
