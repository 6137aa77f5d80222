#include "crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/text.h"

namespace symbolon::crypto {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const noexcept { return number_; }
  bool is_open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& why) {
  throw KeyFileError("key file " + file.string() + " " + why);
}
[[noreturn]] void fail_with_errno(const std::filesystem::path& file, const char* what, int error) {
  fail(file, std::string(what) + ": " + std::strerror(error));
}

void check_protection(const std::filesystem::path& file, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) fail(file, "is not a regular file");
  if ((status.st_mode & 077) != 0) fail(file, "can be read or changed by other users; run: chmod 600 " + file.string());
  if (static_cast<std::size_t>(status.st_size) > kMaxFileBytes) fail(file, "is larger than 64 KiB");
}

// Nullopt when there is no such file.
std::optional<Secret> read_protected(const std::filesystem::path& file) {
  // Non-blocking, so that a FIFO in its place is refused below instead of waited for.
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!in.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    fail_with_errno(file, "cannot be read", errno);
  }
  struct stat status{};
  if (::fstat(in.number(), &status) != 0) fail_with_errno(file, "cannot be examined", errno);
  check_protection(file, status);

  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(in.number(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_with_errno(file, "cannot be read", errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return Secret(std::move(text));
}

Keyring parse(const std::filesystem::path& file, const Secret& content) {
  std::vector<NamedKey> keys;
  for (std::string_view rest = content.reveal(); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.starts_with('#')) continue;

    const std::size_t space = std::min(line.find(' '), line.size());
    auto bytes = base64url_decode(trim(line.substr(space)));
    if (!bytes) fail(file, "has a line that is not `<key id> <key in base64url>`");
    keys.push_back({std::string(line.substr(0, space)), Secret(std::move(*bytes))});
  }
  try {
    return Keyring(std::move(keys));
  } catch (const std::invalid_argument& wrong) {
    fail(file, std::string("is not usable: ") + wrong.what());
  }
}

Secret render(const Keyring& keyring) {
  std::string text =
      "# Symbolon master keys. The first key seals, the others only open. Without this file the secrets in the\n"
      "# database are lost; with it they are readable. Back it up apart from the database.\n";
  for (const NamedKey& key : keyring.keys()) text += key.id + ' ' + base64url_encode(key.bytes.reveal()) + '\n';
  return Secret(std::move(text));
}

// A new file beside `file`, complete and on disk.
std::filesystem::path write_beside(const std::filesystem::path& file, const Secret& content) {
  std::string name = file.string() + ".new-XXXXXX";
  const Descriptor out(::mkostemp(name.data(), O_CLOEXEC));  // mode 0600 from the start
  if (!out.is_open()) fail_with_errno(file, "cannot be written", errno);
  const std::string& text = content.reveal();
  int error = 0;
  for (std::size_t done = 0; done < text.size() && error == 0;) {
    const ssize_t put = ::write(out.number(), text.data() + done, text.size() - done);
    if (put >= 0) {
      done += static_cast<std::size_t>(put);
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && ::fsync(out.number()) != 0) error = errno;
  if (error != 0) {
    ::unlink(name.c_str());
    fail_with_errno(file, "cannot be written", error);
  }
  return name;
}

void sync_folder_of(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor in(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!in.is_open() || ::fsync(in.number()) != 0) fail_with_errno(file, "may not survive a power loss", errno);
}

}  // namespace

Keyring load_key_file(const std::filesystem::path& file) {
  const auto content = read_protected(file);
  if (!content) fail(file, "does not exist");
  return parse(file, *content);
}

Keyring load_or_create_key_file(const std::filesystem::path& file, Random& random) {
  if (const auto content = read_protected(file)) return parse(file, *content);
  const auto fresh = write_beside(file, render(Keyring::generate(random)));
  // A hard link never replaces: whoever comes second takes the key of the first.
  const int error = ::link(fresh.c_str(), file.c_str()) == 0 ? 0 : errno;
  ::unlink(fresh.c_str());
  if (error != 0 && error != EEXIST) fail_with_errno(file, "cannot be created", error);
  sync_folder_of(file);
  return load_key_file(file);
}

void save_key_file(const std::filesystem::path& file, const Keyring& keyring) {
  const auto fresh = write_beside(file, render(keyring));
  if (::rename(fresh.c_str(), file.c_str()) != 0) {
    const int error = errno;
    ::unlink(fresh.c_str());
    fail_with_errno(file, "cannot be replaced", error);
  }
  sync_folder_of(file);
}

}  // namespace symbolon::crypto
