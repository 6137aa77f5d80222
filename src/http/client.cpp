#include "http/client.h"

#include <stdexcept>

namespace symbolon::http {

std::string_view to_string(FetchFailure failure) {
  switch (failure) {
    case FetchFailure::dns:
      return "dns";
    case FetchFailure::connect:
      return "connect";
    case FetchFailure::tls:
      return "tls";
    case FetchFailure::timeout:
      return "timeout";
    case FetchFailure::too_large:
      return "too_large";
    case FetchFailure::redirect_refused:
      return "redirect_refused";
    case FetchFailure::address_not_allowed:
      return "address_not_allowed";
    case FetchFailure::bad_url:
      return "bad_url";
    case FetchFailure::protocol:
      return "protocol";
  }
  throw std::logic_error("FetchFailure outside its enumerators");
}

}  // namespace symbolon::http
