#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.h"
#include "base/text.h"

namespace symbolon::log {
namespace {

constexpr std::size_t kMaxFieldBytes = 4096;

Format chosen_format = Format::json;
Level chosen_level = Level::info;

std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

void append_json_text(std::string& out, std::string_view text) {
  out.push_back('"');
  // printable() also removes ESC and bidirectional marks, which a JSON escape would let through to a terminal.
  for (const char letter : printable(text, kMaxFieldBytes)) {
    if (letter == '"' || letter == '\\') out.push_back('\\');
    out.push_back(letter);
  }
  out.push_back('"');
}

void append_value(std::string& out, const Field& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) return append_json_text(out, *text);
  if (const auto* number = std::get_if<std::int64_t>(&field.value)) out += std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&field.value)) out += *flag ? "true" : "false";
  if (const auto* real = std::get_if<double>(&field.value)) out += fmt::format("{}", *real);
}

spdlog::logger& sink() {
  static spdlog::logger logger = [] {
    spdlog::logger made("symbolon", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%v");
    made.set_level(spdlog::level::trace);
    made.flush_on(spdlog::level::trace);
    return made;
  }();
  return logger;
}

void write(Level level, std::string_view event, Fields fields) {
  if (!is_enabled(level)) return;
  sink().info("{}", render(chosen_format, level, to_iso8601(SystemClock().now()), event, fields));
}

}  // namespace

void configure(Level least, Format format) {
  chosen_level = least;
  chosen_format = format;
}

bool is_enabled(Level level) { return level >= chosen_level; }

void debug(std::string_view event, Fields fields) { write(Level::debug, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, event, fields); }
void warning(std::string_view event, Fields fields) { write(Level::warning, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, event, fields); }

std::string render(Format format, Level level, std::string_view time, std::string_view event, Fields fields) {
  std::string line;
  if (format == Format::json) {
    line += "{\"time\":";
    append_json_text(line, time);
    line += ",\"level\":";
    append_json_text(line, level_name(level));
    line += ",\"event\":";
    append_json_text(line, event);
    for (const Field& field : fields) {
      line.push_back(',');
      append_json_text(line, field.name);
      line.push_back(':');
      append_value(line, field);
    }
    line.push_back('}');
    return line;
  }
  line += fmt::format("{} {:7} {}", time, level_name(level), printable(event, kMaxFieldBytes));
  for (const Field& field : fields) {
    line += fmt::format(" {}=", field.name);
    append_value(line, field);
  }
  return line;
}

}  // namespace symbolon::log
