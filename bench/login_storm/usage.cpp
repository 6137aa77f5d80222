#include "login_storm/usage.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace symbolon::bench {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The number of kibibytes in a line such as "VmRSS:     1234 kB"; 0 when there is none, as in a kernel thread.
std::uint64_t read_kibibytes(const std::string& status, const std::string& name) {
  const std::size_t line = status.find("\n" + name + ":");
  if (line == std::string::npos) return 0;
  return std::strtoull(status.c_str() + line + name.size() + 2, nullptr, 10);
}

}  // namespace

Usage& Usage::operator+=(const Usage& other) {
  cpu += other.cpu;
  rss_bytes += other.rss_bytes;
  peak_bytes += other.peak_bytes;
  return *this;
}

std::expected<Usage, std::string> read_usage(int pid, const std::filesystem::path& proc) {
  const std::filesystem::path folder = proc / std::to_string(pid);
  const std::string stat = read_file(folder / "stat");
  const std::string status = read_file(folder / "status");
  // The command name, second field, may hold spaces and parentheses; only the last one ends it.
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::unexpected("no process with id " + std::to_string(pid));

  std::istringstream fields(stat.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::int64_t user = 0, system = 0;
  if (!(fields >> user >> system)) return std::unexpected("unreadable " + (folder / "stat").string());
  const std::chrono::nanoseconds tick(1'000'000'000 / sysconf(_SC_CLK_TCK));
  return Usage{.cpu = tick * (user + system),
               .rss_bytes = read_kibibytes(status, "VmRSS") * 1024,
               .peak_bytes = read_kibibytes(status, "VmHWM") * 1024};
}

std::chrono::nanoseconds thread_cpu_time() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace symbolon::bench
