#include "sys/real/machine.h"

#include "base/parse_int.h"
#include "sys/real/fd.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include <vector>

namespace hyd::sys {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (end != 0) parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

bool lists(std::string_view commas, std::string_view word) {
  const auto words = split(commas, ',');
  return std::ranges::find(words, word) != words.end();
}

// This process's group of one controller and the groups around it, as folders, innermost first.
struct Groups {
  bool unified = false;  // version 2
  std::vector<std::string> folders;
};

// The lines of /proc/self/cgroup are "id:controllers:path" (version 2: "0::path"). Where that path
// is found depends on the mount: /proc/self/mountinfo gives its point and the group that it shows.
Groups groups_of(const ReadText& read, std::string_view controller) {
  Groups groups;
  const auto memberships = read("/proc/self/cgroup");
  const auto mounts = read("/proc/self/mountinfo");
  if (!memberships || !mounts) return groups;
  std::string_view legacy;
  std::string_view unified;
  for (const std::string_view line : split(*memberships, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    if (controllers.empty()) unified = line.substr(second + 1);
    if (lists(controllers, controller)) legacy = line.substr(second + 1);
  }
  groups.unified = legacy.empty();
  std::string_view path = groups.unified ? unified : legacy;
  if (path.empty()) return groups;
  for (const std::string_view line : split(*mounts, '\n')) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    const auto before = split(line.substr(0, dash), ' ');
    const auto after = split(line.substr(dash + 3), ' ');
    if (before.size() < 6 || after.size() < 3) continue;
    if (after[0] != (groups.unified ? "cgroup2" : "cgroup")) continue;
    if (!groups.unified && !lists(after[2], controller)) continue;
    const std::string_view root = before[3];
    if (root != "/" && path.starts_with(root)) path.remove_prefix(root.size());
    std::string folder(before[4]);
    groups.folders.push_back(folder);
    for (const std::string_view name : split(path, '/')) {
      folder.append("/").append(name);
      groups.folders.push_back(folder);
    }
    std::ranges::reverse(groups.folders);
    return groups;
  }
  return groups;
}

std::optional<std::uint64_t> number(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return base::parse_int<std::uint64_t>(text);  // "max" and "-1" are no limit
}

}  // namespace

std::optional<std::string> read_text(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text;
  std::array<char, 4096> chunk;
  while (true) {
    const ssize_t n = ::read(fd.get(), chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

std::optional<unsigned> cgroup_cpus(const ReadText& read) {
  const Groups groups = groups_of(read, "cpu");
  std::optional<unsigned> least;
  for (const std::string& folder : groups.folders) {
    std::optional<std::uint64_t> quota;
    std::optional<std::uint64_t> period;
    if (groups.unified) {
      const auto text = read(folder + "/cpu.max");  // "max 100000" or "150000 100000"
      const auto words = text ? split(*text, ' ') : std::vector<std::string_view>();
      if (words.size() != 2) continue;
      quota = number(words[0]);
      period = number(words[1]);
    } else {
      if (const auto text = read(folder + "/cpu.cfs_quota_us")) quota = number(*text);
      if (const auto text = read(folder + "/cpu.cfs_period_us")) period = number(*text);
    }
    if (!quota || !period || *quota == 0 || *period == 0) continue;
    const std::uint64_t whole = std::min<std::uint64_t>((*quota + *period - 1) / *period, 65536);
    const auto cpus = static_cast<unsigned>(whole);
    least = std::min(least.value_or(cpus), cpus);
  }
  return least;
}

std::optional<base::ByteCount> cgroup_memory(const ReadText& read) {
  const Groups groups = groups_of(read, "memory");
  std::optional<base::ByteCount> least;
  for (const std::string& folder : groups.folders) {
    const auto text = read(folder + (groups.unified ? "/memory.max" : "/memory.limit_in_bytes"));
    const auto bytes = text ? number(*text) : std::nullopt;
    if (!bytes) continue;
    const base::ByteCount limit(*bytes);
    least = std::min(least.value_or(limit), limit);
  }
  return least;
}

unsigned usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  unsigned cpus = 1;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    cpus = static_cast<unsigned>(CPU_COUNT(&set));
  } else if (const long online = ::sysconf(_SC_NPROCESSORS_ONLN); online > 0) {
    cpus = static_cast<unsigned>(online);  // more CPUs than cpu_set_t has bits
  }
  return std::max(1U, std::min(cpus, cgroup_cpus(read_text).value_or(cpus)));
}

base::ByteCount usable_memory() {
  struct sysinfo info{};
  base::ByteCount memory = base::gib(1);
  if (::sysinfo(&info) == 0) {
    memory = base::ByteCount(std::uint64_t{info.totalram} * info.mem_unit);
  }
  return std::min(memory, cgroup_memory(read_text).value_or(memory));
}

void raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

}  // namespace hyd::sys
