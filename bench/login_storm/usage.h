#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>

namespace symbolon::bench {

/// What a process has used so far.
struct Usage {
  std::chrono::nanoseconds cpu{};  ///< user and system time of all its threads
  std::uint64_t rss_bytes = 0;
  std::uint64_t peak_bytes = 0;  ///< the largest rss_bytes since it started

  Usage& operator+=(const Usage& other);
};

/// Reads `proc`/PID/stat and `proc`/PID/status (proc(5)); the error is a sentence.
std::expected<Usage, std::string> read_usage(int pid, const std::filesystem::path& proc = "/proc");

/// Processor time of the calling thread.
std::chrono::nanoseconds thread_cpu_time();

}  // namespace symbolon::bench
