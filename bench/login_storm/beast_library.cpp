// The compiled parts of Beast and of Boost.JSON, once for the storm; Asio's is in base.
#include <boost/beast/src.hpp>
#include <boost/json/src.hpp>
