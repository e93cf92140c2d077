#include "sys/input.h"

#include "sys/real/fd.h"
#include "sys/real/os_error.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <unistd.h>

namespace hyd::sys {

base::Result<std::string> read_input(const std::string& path, base::ByteCount max) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return os_error(errno, "open " + path);
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

}  // namespace hyd::sys
