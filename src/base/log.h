#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace symbolon::log {

/// One named value of a log line. Text is escaped when the line is written, so that a claim can never forge a line.
struct Field {
  std::string_view name;
  std::variant<std::string, std::int64_t, bool, double> value;

  Field(std::string_view name, std::string value) : name(name), value(std::move(value)) {}
  Field(std::string_view name, std::string_view value) : name(name), value(std::string(value)) {}
  Field(std::string_view name, const char* value) : name(name), value(std::string(value)) {}
  Field(std::string_view name, bool value) : name(name), value(value) {}
  Field(std::string_view name, std::integral auto value) : name(name), value(static_cast<std::int64_t>(value)) {}
  Field(std::string_view name, double value) : name(name), value(value) {}
};

using Fields = std::initializer_list<Field>;

enum class Level { debug, info, warning, error };
enum class Format { json, readable };

/// Before the first line: where lines go (standard error) and how they look.
void configure(Level least, Format format);

/// Whether such lines are written; asked first where making the fields costs something on every request.
bool is_enabled(Level level);

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warning(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

/// The line as it is written, for tests: `{"time":…,"level":…,"event":…,…}`.
std::string render(Format format, Level level, std::string_view time, std::string_view event, Fields fields);

}  // namespace symbolon::log
