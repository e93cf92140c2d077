#include "sys/output.h"

#include "sys/environment.h"

#include <climits>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace hyd::sys {
namespace {

void write_all(int fd, std::string_view rest) {
  while (!rest.empty()) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

void write_line(int fd, std::string_view line) {
  std::string text(line);
  text.push_back('\n');
  write_all(fd, text);
}

}  // namespace

void print_line(std::string_view line) { write_line(STDOUT_FILENO, line); }
void print_bytes(std::string_view bytes) { write_all(STDOUT_FILENO, bytes); }
void print_error_line(std::string_view line) { write_line(STDERR_FILENO, line); }

bool error_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

void print_error_over(std::string_view line) {
  // To the first column, and clear what is behind it.
  write_all(STDERR_FILENO, std::string("\r\x1b[K").append(line));
}

std::optional<std::string> environment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::optional<std::string> current_folder() {
  std::array<char, PATH_MAX> path;
  if (::getcwd(path.data(), path.size()) == nullptr) return std::nullopt;
  return std::string(path.data());
}

}  // namespace hyd::sys
