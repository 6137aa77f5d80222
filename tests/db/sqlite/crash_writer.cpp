// db_crash_writer LOCATION ROUND: writes units until it is killed and prints the id of each one when it is
// acknowledged.
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <string>

#include "db/sqlite/crash_schema.h"

namespace symbolon::db {
namespace {

constexpr int kWriters = 8;

Task<void> write_for_ever(Database& database, std::string prefix) {
  for (int number = 0;; ++number) {
    const std::string id = prefix + "." + std::to_string(number);
    co_await database.write([&](Transaction& tx) { write_crash_unit(tx, id); });
    const std::string line = id + "\n";
    // The test has closed the pipe, or died: nobody is left to kill this program.
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(1);
  }
}

}  // namespace
}  // namespace symbolon::db

int main(int count, char** arguments) {
  using namespace symbolon::db;
  if (count != 3) return 2;
  const auto database = open_crash_database(arguments[1]);
  boost::asio::io_context io;
  for (int writer = 0; writer < kWriters; ++writer) {
    const std::string prefix = std::string(arguments[2]) + "." + std::to_string(writer);
    boost::asio::co_spawn(io, write_for_ever(*database, prefix), boost::asio::detached);
  }
  io.run();
}
