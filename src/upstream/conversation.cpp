#include "upstream/conversation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>

namespace symbolon::upstream {
namespace {

constexpr std::chrono::seconds kNotableOffset{30};  // login-runtime DB-4
constexpr std::size_t kMaxText = 1024;
constexpr auto kMonths = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() && value >= 0 ? std::optional(value)
                                                                                    : std::nullopt;
}

}  // namespace

std::optional<Instant> answer_date(const http::Headers& headers) {
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  const std::string_view text = headers.get("Date");
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4)), hour = number(text.substr(17, 2)),
             minute = number(text.substr(20, 2)), second = number(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

Task<std::expected<http::OutboundResponse, http::FetchError>> Conversation::send(std::string purpose,
                                                                                 http::OutboundRequest request) {
  request.egress = egress_;
  Exchange exchange;
  exchange.purpose = std::move(purpose);
  exchange.method = to_string(request.method);
  exchange.url = without_query(request.url);
  const Instant started = clock_.now();
  auto answer = co_await client_.send(std::move(request));
  if (answer) {
    exchange.status = answer->status;
    exchange.elapsed = answer->elapsed;
    if (answer->status != 200) exchange.excerpt = redaction_.excerpt(answer->body);
    note_clock(answer->headers);
  } else {
    exchange.elapsed = clock_.now() - started;
  }
  exchanges_.push_back(std::move(exchange));
  co_return answer;
}

void Conversation::show_body(std::string_view purpose, std::string_view body) {
  // Not always the last call: keys may have been fetched to check what came.
  const auto calls = std::views::reverse(exchanges_);
  if (const auto last = std::ranges::find(calls, purpose, &Exchange::purpose); last != calls.end())
    last->excerpt = redaction_.excerpt(body);
}

void Conversation::note_clock(const http::Headers& headers) {
  const auto date = answer_date(headers);
  if (!date || clock_noted_) return;
  const auto offset = std::chrono::duration_cast<std::chrono::seconds>(*date - clock_.now());
  if (offset < kNotableOffset && -offset < kNotableOffset) return;
  clock_noted_ = true;
  warn("the provider's clock is " + std::to_string(std::abs(offset.count())) + " s " +
       (offset.count() > 0 ? "ahead of" : "behind") + " ours");
}

UpstreamError Conversation::conclude(UpstreamError error) const {
  for (std::string* text : {&error.check, &error.expected, &error.received, &error.hint, &error.downstream.detail})
    *text = redaction_.clean(*text, kMaxText);
  std::string& description = error.downstream.description;
  if (redaction_.hide_known(description) != description) description = "The identity provider refused the sign-in";
  error.exchanges = exchanges();
  if (!error.downstream.detail.empty()) error.downstream.detail = "; " + error.downstream.detail;
  error.downstream.detail = error.rule + ": " + error.check + "; received " + error.received + error.downstream.detail;
  return error;
}

std::vector<Exchange> Conversation::exchanges() const {
  std::vector<Exchange> shown = exchanges_;
  for (Exchange& exchange : shown) exchange.excerpt = redaction_.hide_known(exchange.excerpt);
  return shown;
}

std::vector<std::string> Conversation::warnings() const {
  std::vector<std::string> shown;
  for (const std::string& warning : warnings_) shown.push_back(redaction_.hide_known(warning));
  return shown;
}

}  // namespace symbolon::upstream
