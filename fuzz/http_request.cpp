// The server's reader of requests: however the bytes are cut, the same request comes out (RFC 9112), within the limits.
// The first byte of the input is the size of the pieces.

#include <algorithm>
#include <string>
#include <vector>

#include "check.h"
#include "net/request_reader.h"

namespace {

using namespace symbolon;
using net::RequestReader;
using Stage = RequestReader::Stage;

constexpr std::size_t kHeaderLimit = 2048;
constexpr std::size_t kBodyLimit = 1024;

std::vector<http::Request> read_all(std::string_view bytes, std::size_t piece) {
  RequestReader reader(kHeaderLimit);
  std::vector<http::Request> requests;
  std::size_t used = 0, given = 0;
  for (;;) {
    const std::size_t taken = reader.feed(bytes.substr(used, given - used));
    check(taken <= given - used);
    used += taken;
    switch (reader.stage()) {
      case Stage::head_done:
        reader.allow_body(kBodyLimit);
        continue;
      case Stage::complete:
        requests.push_back(reader.take());
        continue;
      case Stage::refused:
        return requests;
      case Stage::head:
      case Stage::body:
        break;
    }
    if (given == bytes.size()) return requests;
    given = std::min(given + piece, bytes.size());
  }
}

bool same(const http::Request& a, const http::Request& b) {
  return a.method == b.method && a.path == b.path && a.query == b.query && a.headers.all() == b.headers.all() &&
         a.body == b.body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = view(bytes + 1, size - 1);
  const auto whole = read_all(text, text.size());
  const auto cut = read_all(text, bytes[0] % 16 + 1u);
  // A refusal may come early or late, but never instead of a request.
  check(whole.size() == cut.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const http::Request& request = whole[i];
    check(same(request, cut[i]));
    check(request.path.starts_with('/') && request.body.size() <= kBodyLimit);
    check(request.headers.get_all("Host").size() <= 1);
    for (const auto& [name, value] : request.headers.all()) check(http::is_token(name) && !value.contains('\n'));
  }
  return 0;
}
