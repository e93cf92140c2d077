#include "sys/real/file_system.h"

#include "sys/real/machine.h"
#include "sys/real/os_error.h"

#include <climits>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <string>
#include <unistd.h>

namespace hyd::sys {
namespace {

using base::Code;
using base::fail;
using base::Result;

// Takes the next word off the front of `line`.
std::string_view next_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
  return word;
}

// mountinfo writes space, tab, newline and backslash as \ooo.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octal = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && i + 3 < text.size() && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
      const int byte = (text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0');
      out.push_back(static_cast<char>(byte));
      i += 3;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

bool holds(std::string_view mount_point, std::string_view path) {
  if (mount_point == "/") return true;
  return path.starts_with(mount_point) &&
         (path.size() == mount_point.size() || path[mount_point.size()] == '/');
}

bool has_option(std::string_view options, std::string_view option) {
  while (!options.empty()) {
    const std::size_t comma = options.find(',');
    if (options.substr(0, comma) == option) return true;
    if (comma == std::string_view::npos) return false;
    options.remove_prefix(comma + 1);
  }
  return false;
}

bool is_one_of(std::span<const std::string_view> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

std::string why_not_durable(std::string_view type, std::string_view options) {
  constexpr std::array<std::string_view, 2> kMemory{"tmpfs", "ramfs"};
  constexpr std::array<std::string_view, 9> kForeign{"nfs", "nfs4",     "cifs",   "smb3",  "smbfs",
                                                     "9p",  "virtiofs", "vboxsf", "prl_fs"};
  const std::string quoted = "'" + std::string(type) + "'";
  if (is_one_of(kMemory, type)) return "file system " + quoted + " lives in memory";
  if (is_one_of(kForeign, type) || type.starts_with("fuse")) {
    return "file system " + quoted +
           " belongs to another machine or process, which may answer a "
           "sync before the bytes are on the medium";
  }
  if (type == "overlay" && has_option(options, "volatile")) {
    return "the overlay is mounted 'volatile', which drops every sync";
  }
  for (const std::string_view option : {"nobarrier", "barrier=0"}) {
    if (has_option(options, option)) {
      return "the mount option '" + std::string(option) +
             "' leaves synced writes in the device's volatile cache";
    }
  }
  return "";
}

}  // namespace

FileSystem find_mount(std::string_view mountinfo, std::string_view path) {
  // A line: id parent major:minor root point options [optional…] - type source super-options.
  // The longest point that holds the path wins; of equal ones the last, which covers the others.
  FileSystem best;
  std::size_t best_length = 0;
  while (!mountinfo.empty()) {
    const std::size_t newline = mountinfo.find('\n');
    std::string_view line = mountinfo.substr(0, newline);
    mountinfo =
        newline == std::string_view::npos ? std::string_view() : mountinfo.substr(newline + 1);
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    std::string_view tail = line.substr(dash + 3);
    for (int i = 0; i < 4; ++i) next_word(line);
    const std::string point = unescape(next_word(line));
    const std::string_view mount_options = next_word(line);
    if (!holds(point, path) || point.size() < best_length) continue;
    best_length = point.size();
    best.type = unescape(next_word(tail));
    next_word(tail);
    best.options = std::string(mount_options) + "," + unescape(next_word(tail));
  }
  best.not_durable_because = why_not_durable(best.type, best.options);
  return best;
}

Result<FileSystem> file_system_at(int folder) {
  std::string path(PATH_MAX, '\0');
  const std::string link = "/proc/self/fd/" + std::to_string(folder);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  if (length < 0) return os_error(errno, "readlink " + link);
  path.resize(static_cast<std::size_t>(length));
  const auto mounts = read_text("/proc/self/mountinfo");
  if (!mounts) return fail(Code::io, "cannot read /proc/self/mountinfo");
  FileSystem found = find_mount(*mounts, path);
  if (found.type.empty()) return fail(Code::not_found, "no mount point holds " + path);
  return found;
}

}  // namespace hyd::sys
