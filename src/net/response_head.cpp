#include "net/response_head.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <cstdio>
#include <ostream>
#include <stdexcept>

#include "base/text.h"

namespace symbolon::net {
namespace {

bool frames_the_message(std::string_view name) {
  static constexpr std::string_view kNames[] = {"Content-Length", "Transfer-Encoding", "Connection",  "Date",
                                                "Keep-Alive",     "Upgrade",           "X-Request-Id"};
  return std::ranges::any_of(kNames, [&](std::string_view known) { return equals_ignoring_case(known, name); });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_status_line(std::string& out, int status) {
  if (status < 200 || status > 599) throw std::logic_error("status " + std::to_string(status) + " is no final answer");
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status)));
  out.append("HTTP/1.1 ")
      .append(std::to_string(status))
      .append(" ")
      .append(reason.data(), reason.size())
      .append("\r\n");
}

}  // namespace

void append_head(std::string& out, const http::Response& response, const Framing& framing) {
  append_status_line(out, response.status);
  for (const auto& [name, value] : response.headers.all()) {
    if (!http::is_token(name) || !http::is_field_value(value))
      throw std::logic_error("response field " + printable(name, 64) + " would split the answer");
    if (!frames_the_message(name)) append_field(out, name, value);
  }
  append_field(out, "X-Request-Id", framing.request_id);
  append_field(out, "Date", framing.date);
  // RFC 9110 §8.6: neither has a body, so neither may promise one.
  if (response.status != 204 && response.status != 304)
    append_field(out, "Content-Length", std::to_string(response.body.size()));
  if (!framing.keep_alive) append_field(out, "Connection", "close");
  if (framing.keep_alive && framing.http_1_0) append_field(out, "Connection", "keep-alive");
  out.append("\r\n");
}

std::string to_http_date(Instant at) {
  using namespace std::chrono;
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss clock_time(floor<seconds>(at - day));
  char text[64];
  const int length =
      std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[weekday(day).c_encoding()],
                    static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                    static_cast<int>(date.year()), static_cast<int>(clock_time.hours().count()),
                    static_cast<int>(clock_time.minutes().count()), static_cast<int>(clock_time.seconds().count()));
  return std::string(text, static_cast<std::size_t>(length));
}

}  // namespace symbolon::net
