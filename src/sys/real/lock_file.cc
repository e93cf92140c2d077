#include "sys/real/lock_file.h"

#include "base/parse_int.h"
#include "sys/real/machine.h"
#include "sys/real/os_error.h"
#include "sys/real/threads.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hyd::sys {
namespace {

using base::Code;
using base::fail;
using base::Result;

constexpr std::chrono::milliseconds kRetry{20};

// By number, since the library declares flock in <sys/file.h>: a name that our sys/file.h takes.
int lock_whole(int fd, int operation) {
  return static_cast<int>(::syscall(SYS_flock, fd, operation));
}

std::string boot_id() {
  std::string id = read_text("/proc/sys/kernel/random/boot_id").value_or("");
  while (id.ends_with('\n')) id.pop_back();
  return id;
}

std::string proc(pid_t pid, std::string_view file) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(file);
}

struct Stat {
  char state = 'X';
  bool exiting = false;
  std::string start;
};

// /proc/PID/stat is "pid (name) state …"; the name may hold anything, so fields count from the last
// ')'.
std::optional<Stat> stat_of(pid_t pid) {
  const auto text = read_text(proc(pid, "stat"));
  if (!text) return std::nullopt;
  const std::size_t name_end = text->rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(*text).substr(name_end + 1);
  constexpr std::uint64_t kExiting = 0x4;  // PF_EXITING of the kernel's task flags
  Stat stat;
  for (int field = 3; field <= 22; ++field) {
    const std::size_t begin = rest.find_first_not_of(' ');
    if (begin == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(begin);
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    if (field == 3) stat.state = word.front();
    if (field == 9) {
      stat.exiting = (base::parse_int<std::uint64_t>(word).value_or(0) & kExiting) != 0;
    }
    if (field == 22) stat.start = word;
  }
  return stat;
}

// A thread that is stuck in a write keeps its process in the table with SIGKILL pending.
bool kill_pending(pid_t pid) {
  const auto status = read_text(proc(pid, "status"));
  if (!status) return true;
  for (const std::string_view key : {"\nSigPnd:\t", "\nShdPnd:\t"}) {
    const std::size_t at = status->find(key);
    if (at == std::string::npos) continue;
    const char* const begin = status->data() + at + key.size();
    std::uint64_t mask = 0;
    std::from_chars(begin, status->data() + status->size(), mask, 16);
    if ((mask >> (SIGKILL - 1) & 1) != 0) return true;
  }
  return false;
}

Result<Fd> open_lock(const LockRequest& request) {
  Fd fd(::openat(request.folder, "LOCK", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return os_error(errno, "open " + request.path);
  return fd;
}

// False when another LOCK has taken this one's name meanwhile.
bool still_named(int folder, int fd) {
  struct stat ours{};
  struct stat named{};
  return ::fstat(fd, &ours) == 0 && ::fstatat(folder, "LOCK", &named, 0) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

ProcessName holder_of(int fd) {
  std::array<char, 256> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
  return n > 0 ? ProcessName::parse({text.data(), static_cast<std::size_t>(n)}) : ProcessName();
}

Result<void> write_holder(const LockRequest& request, int fd) {
  const std::string text = ProcessName::self().text();
  if (::ftruncate(fd, 0) != 0 ||
      ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return os_error(errno, "write " + request.path);
  }
  return {};
}

}  // namespace

void LockFile::unlock() const { static_cast<void>(lock_whole(fd_.get(), LOCK_UN)); }

std::string ProcessName::text() const {
  return "pid " + std::to_string(pid) + "\nboot " + boot + "\nstart " + start + "\n";
}

ProcessName ProcessName::parse(std::string_view text) {
  ProcessName name;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text = newline == std::string_view::npos ? std::string_view() : text.substr(newline + 1);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    const std::string_view value = line.substr(space + 1);
    if (line.starts_with("pid ")) name.pid = base::parse_int<pid_t>(value).value_or(0);
    if (line.starts_with("boot ")) name.boot = value;
    if (line.starts_with("start ")) name.start = value;
  }
  return name;
}

std::string process_start(pid_t pid) {
  const auto stat = stat_of(pid);
  return stat ? stat->start : "";
}

ProcessName ProcessName::self() {
  const pid_t pid = ::getpid();
  return ProcessName{.pid = pid, .boot = boot_id(), .start = process_start(pid)};
}

bool lives(const ProcessName& process) {
  if (process.pid <= 0 || process.boot != boot_id()) return false;
  const auto stat = stat_of(process.pid);
  if (!stat || stat->start != process.start) return false;
  if (stat->state == 'Z' || stat->state == 'X' || stat->exiting) return false;
  return !kill_pending(process.pid);
}

Result<std::shared_ptr<const LockFile>> take_lock_file(const LockRequest& request) {
  bool told = false;
  while (true) {
    ASSIGN_OR_RETURN(Fd fd, open_lock(request));
    if (lock_whole(fd.get(), LOCK_EX | LOCK_NB) == 0) {
      if (!still_named(request.folder, fd.get())) continue;
      RETURN_IF_ERROR(write_holder(request, fd.get()));
      return std::make_shared<const LockFile>(std::move(fd));
    }
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return os_error(errno, "lock " + request.path);

    const ProcessName holder = holder_of(fd.get());
    const std::string pid = std::to_string(holder.pid);
    if (lives(holder)) {
      return fail(Code::conflict, request.path + " is held by process " + pid +
                                      ": another server uses this data directory");
    }
    const std::string why = holder.pid == 0
                                ? request.path + " is held by a process that has not said its name"
                                : request.path + " is held by process " + pid +
                                      ", which is dead: its last writes " + "are still landing";
    if (mono_now() >= request.deadline) return fail(Code::timed_out, why);
    if (!told && request.waiting != nullptr) request.waiting(why);
    told = true;
    block_until(std::min(request.deadline, mono_now() + kRetry));
  }
}

}  // namespace hyd::sys
