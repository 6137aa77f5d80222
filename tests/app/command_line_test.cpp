#include "app/command_line.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace symbolon::app {
namespace {

using Command = CommandLine::Command;

CommandLine asking(Command command, const std::filesystem::path& data_dir) {
  CommandLine asked;
  asked.command = command;
  asked.flags["data_dir"] = data_dir.string();
  return asked;
}

// What is told on standard error; empty when the command may go on.
std::string refusal(const CommandLine& asked) {
  testing::internal::CaptureStderr();
  const auto config = configure(asked);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(config.has_value(), told.empty()) << told;
  return told;
}

TEST(Configure, ACommandFindsTheServersDatabaseOrSaysThatThereIsNone) {
  const TemporaryFolder folder;
  for (const Command command : {Command::client_create, Command::tenant_create, Command::tenant_list,
                                Command::service_user_create, Command::export_tenant, Command::apply_configuration})
    EXPECT_TRUE(refusal(asking(command, folder / "mistyped")).contains("there is no database at"));
  EXPECT_FALSE(std::filesystem::exists(folder / "mistyped"));

  std::ofstream(folder / "symbolon.db") << "here";
  for (const Command command : {Command::client_create, Command::export_tenant})
    EXPECT_EQ(refusal(asking(command, folder.path())), "");
}

TEST(Configure, WhoTellsThePublicUrlMayPrepareADatabaseBeforeTheFirstStart) {
  const TemporaryFolder folder;
  CommandLine asked = asking(Command::client_create, folder / "new");
  asked.flags["public_url"] = "https://login.example.com";
  EXPECT_EQ(refusal(asked), "");
}

TEST(Configure, TheServerItselfNeedsNoDatabaseYet) {
  const TemporaryFolder folder;
  CommandLine asked = asking(Command::serve, folder / "new");
  asked.flags["dev"] = "true";
  EXPECT_EQ(refusal(asked), "");
}

std::string complaint(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "symbolon");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  testing::internal::CaptureStderr();
  EXPECT_FALSE(parse_command_line(static_cast<int>(pointers.size()), pointers.data()).command_line);
  return testing::internal::GetCapturedStderr();
}

TEST(CommandLine, AMistypedFlagIsAnsweredWithTheOneThatWasMeant) {
  EXPECT_TRUE(complaint({"serve", "--publc-url", "https://x.example"}).contains("Is --public-url meant by --publc-url?"));
  EXPECT_TRUE(complaint({"client", "create", "--name", "x", "--calback=https://x"}).contains("Is --callback meant"));
  for (const char* far : {"--colour", "plain"}) EXPECT_FALSE(complaint({"serve", far}).contains("meant")) << far;
}

}  // namespace
}  // namespace symbolon::app
