#include "net/request_reader.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <optional>

#include "base/text.h"
#include "http/url.h"

namespace symbolon::net {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using beast::http::field;

constexpr std::size_t kMaxFields = 256;
constexpr std::string_view kShortestChunkedEnd = "0\r\n\r\n";
constexpr std::size_t kMaxChunkLine = 16 << 10;  // a chunk's size line with its extensions, or all trailers
constexpr std::size_t kEarlyReserve = 64 << 10;  // a promised length is not memory until its bytes come

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

bool is_clean_target(std::string_view target) {
  return std::ranges::all_of(target, [](char letter) { return letter > 0x20 && letter < 0x7f && letter != '#'; });
}

class Parser final : public beast::http::basic_parser<true> {
 public:
  http::Request request;
  std::optional<Refusal> refusal;
  bool http_1_0 = false;
  bool expects_continue = false;

  /// What RFC 9112 demands of the head as a whole.
  std::optional<Refusal> check_head() {
    if (hosts_ > 1 || (hosts_ == 0 && !http_1_0)) return Refusal{400, "exactly one Host field is required"};
    if (codings_ > 0 && (!plain_chunked_ || http_1_0 || codings_ > 1))
      return Refusal{501, "the only transfer coding understood is chunked, in HTTP/1.1"};
    if (unknown_expectation_) return Refusal{417, "the only expectation understood is 100-continue"};
    // RFC 9112 §3.2.2: with a target in absolute form, its authority counts and Host does not.
    if (!authority_.empty()) request.headers.set("Host", std::move(authority_));
    return std::nullopt;
  }

 private:
  void refuse(int status, std::string_view description, error_code& ec) {
    refusal = Refusal{status, description};
    ec = beast::http::error::bad_value;
  }

  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       error_code& ec) override {
    http_1_0 = version == 10;
    request.method = http::parse_method(view(method));
    read_target(view(target), ec);
  }

  void read_target(std::string_view target, error_code& ec) {
    if (!is_clean_target(target))
      return refuse(400, "the request target holds a character that must be percent-encoded", ec);
    if (target.starts_with('/')) {
      const auto mark = std::min(target.find('?'), target.size());
      request.path = target.substr(0, mark);
      request.query = target.substr(std::min(mark + 1, target.size()));
      return;
    }
    auto url = http::parse_url(target);
    if (!url || !(url->is_http() || url->is_https()))
      return refuse(400, "the request target must start with a slash", ec);
    request.path = url->path.empty() ? "/" : std::move(url->path);
    request.query = std::move(url->query).value_or("");
    authority_ = url->authority();
  }

  void on_field_impl(field name, beast::string_view text, beast::string_view value, error_code& ec) override {
    if (is_header_done()) return;  // trailers, which nothing asked for
    if (request.headers.all().size() == kMaxFields) return refuse(431, "too many header fields", ec);
    if (name == field::host) ++hosts_;
    if (name == field::content_length && (lengths_++ > 0 || !is_all_digits(view(value))))
      return refuse(400, "Content-Length must be one number, given once", ec);
    if (name == field::transfer_encoding) {
      ++codings_;
      plain_chunked_ = equals_ignoring_case(view(value), "chunked");
    }
    if (name == field::expect) {
      expects_continue = equals_ignoring_case(view(value), "100-continue");
      unknown_expectation_ = !expects_continue;
    }
    request.headers.add(view(text), std::string(value));
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request.body.reserve(std::min<std::uint64_t>(*length, kEarlyReserve));
  }
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_header_impl(error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  int hosts_ = 0;
  int lengths_ = 0;
  int codings_ = 0;
  bool plain_chunked_ = false;
  bool unknown_expectation_ = false;
  std::string authority_;
};

Refusal refusal_for(const error_code& error) {
  using Error = beast::http::error;
  if (error == Error::header_limit) return {431, "the header is too large"};
  if (error == Error::body_limit) return {413, "the body is too large"};
  return {400, "the request is not well-formed HTTP/1.1"};
}

}  // namespace

struct RequestReader::Impl {
  std::size_t header_limit;
  std::size_t head_bytes = 0;
  std::optional<Parser> parser;
  Stage stage = Stage::head;
  Refusal refusal;

  void start() {
    parser.emplace();
    parser->eager(false);
    parser->header_limit(static_cast<std::uint32_t>(header_limit));
    parser->body_limit(boost::none);
    head_bytes = 0;
    stage = Stage::head;
  }

  void refuse(Refusal why) {
    refusal = why;
    stage = Stage::refused;
  }

  void feed_head(std::string_view bytes, std::size_t& used) {
    // RFC 9112 §2.2: an empty line before a request is passed over.
    while (!parser->got_some() && bytes.starts_with("\r\n")) {
      bytes.remove_prefix(2);
      used += 2;
      head_bytes += 2;
    }
    if (head_bytes > header_limit) return refuse({431, "the header is too large"});
    if (bytes.empty() || (!parser->got_some() && bytes == "\r")) return;
    const std::size_t taken = put(bytes, used);
    if (stage == Stage::refused) return;
    // The parser's own limit is on what it holds back, so that a slow stream of short fields would never reach it.
    head_bytes += taken;
    const std::size_t waiting = parser->is_header_done() ? 0 : bytes.size() - taken;
    if (head_bytes + waiting > header_limit) return refuse({431, "the header is too large"});
    if (!parser->is_header_done()) return;
    const auto why = parser->check_head();
    why ? refuse(*why) : void(stage = Stage::head_done);
  }

  void feed_body(std::string_view bytes, std::size_t& used) {
    // No position within a chunked body has less than this behind it, and Beast 1.81 asserts as much about the last
    // chunk even when the rest is still on its way.
    const std::size_t least = parser->chunked() ? kShortestChunkedEnd.size() : 1;
    while (bytes.size() - used >= least && stage == Stage::body) {
      const std::size_t taken = put(bytes.substr(used), used);
      if (stage == Stage::refused) return;
      if (parser->is_done()) stage = Stage::complete;
      if (taken == 0) {
        if (bytes.size() - used > kMaxChunkLine) refuse({400, "a chunk header or trailer is too long"});
        return;
      }
    }
  }

  /// One step of the parser; what it used is added to `used`.
  std::size_t put(std::string_view bytes, std::size_t& used) {
    error_code error;
    const std::size_t taken = parser->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    used += taken;
    if (error && error != beast::http::error::need_more) refuse(parser->refusal.value_or(refusal_for(error)));
    return taken;
  }
};

RequestReader::RequestReader(std::size_t header_limit) : impl_(std::make_unique<Impl>()) {
  impl_->header_limit = header_limit;
  impl_->start();
}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  std::size_t used = 0;
  if (bytes.empty()) return used;
  if (impl_->stage == Stage::head) impl_->feed_head(bytes, used);
  if (impl_->stage == Stage::body) impl_->feed_body(bytes, used);
  return used;
}

RequestReader::Stage RequestReader::stage() const noexcept { return impl_->stage; }

const Refusal& RequestReader::refusal() const noexcept { return impl_->refusal; }

const http::Request& RequestReader::request() const noexcept { return impl_->parser->request; }

void RequestReader::allow_body(std::size_t limit) {
  Parser& parser = *impl_->parser;
  const auto length = parser.content_length();
  if (length && *length > limit) return impl_->refuse({413, "the body is too large"});
  parser.body_limit(limit);
  impl_->stage = parser.is_done() ? Stage::complete : Stage::body;
}

bool RequestReader::wants_continue() const noexcept { return impl_->parser->expects_continue && !is_http_1_0(); }

bool RequestReader::keep_alive() const noexcept { return impl_->parser->keep_alive(); }

bool RequestReader::is_http_1_0() const noexcept { return impl_->parser->http_1_0; }

http::Request RequestReader::take() {
  http::Request request = std::move(impl_->parser->request);
  impl_->start();
  return request;
}

}  // namespace symbolon::net
