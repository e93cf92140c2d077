#include "sys/input.h"

#include "sys/real/fd.h"
#include "sys/real/names.h"
#include "sys/real/os_error.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <dirent.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>
#include <utility>

namespace hyd::sys {

namespace {

base::Result<std::string> read_all(const Fd& fd, const std::string& path, base::ByteCount max) {
  std::string text;
  std::array<char, 16384> piece{};
  while (true) {
    const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return os_error(errno, "read " + path);
    if (n == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(n));
    if (text.size() > max.bytes()) {
      return base::fail(base::Code::exhausted, "read " + path + ": it is larger than " +
                                                   std::to_string(max.bytes()) + " bytes");
    }
  }
}

}  // namespace

base::Result<std::string> read_input(const std::string& path, base::ByteCount max) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return os_error(errno, "open " + path);
  return read_all(fd, path, max);
}

base::Result<std::string> read_input_in(const std::string& folder, std::string_view path,
                                        base::ByteCount max) {
  const std::string shown = folder + "/" + std::string(path);
  Fd at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!at) return os_error(errno, "open " + folder);
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string part(path.substr(0, slash));
    if (part.empty() || part == "." || part == "..") {
      return base::fail(base::Code::invalid, shown + ": this path leads out of its folder");
    }
    const bool last = slash == std::string_view::npos;
    Fd next(::openat(at.get(), part.c_str(),
                     O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (last ? 0 : O_DIRECTORY)));
    if (!next) return os_error(errno, "open " + shown);
    if (last) return read_all(next, shown, max);
    at = std::move(next);
    path.remove_prefix(slash + 1);
  }
}

base::Result<std::vector<std::string>> list_input(const std::string& path) {
  DIR* const stream = ::opendir(path.c_str());
  if (stream == nullptr) return os_error(errno, "open " + path);
  auto names = read_names(stream);
  if (!names) return os_error(names.error(), "read " + path);
  return *std::move(names);
}

base::Result<void> write_output(const std::string& path, std::string_view bytes) {
  constexpr mode_t kMode = 0666;  // less the person's umask
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode));
  if (!fd) return os_error(errno, "open " + path);
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return os_error(errno, "write " + path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace hyd::sys
