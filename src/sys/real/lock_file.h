// The data directory's LOCK: one server at a time, and none beside the last writes of a dead one.
//
// It is an flock on a close-on-exec descriptor. That descriptor is also registered in the journal's
// ring (journal.h): a killed process's ring lives in the kernel until the writes in it have landed,
// and the lock lives as long. Record locks (F_SETLK) are dropped when the process is reaped, which
// is earlier: never those.
//
// The file's text names the holder: pid, boot and start time, so that a pid used again by another
// process, or after a reboot, is not taken for it.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "sys/real/fd.h"

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace hyd::sys {

class LockFile {
 public:
  explicit LockFile(Fd fd) : fd_(std::move(fd)) {}
  int fd() const { return fd_.get(); }
  // Gives the lock up, whoever else still has the descriptor.
  void unlock() const;

 private:
  Fd fd_;
};

struct LockRequest {
  int folder = -1;   // where LOCK is
  std::string path;  // of LOCK, for messages
  base::MonoTime deadline;
  void (*waiting)(std::string_view why) = nullptr;
};

// The promise is that of Dir::lock.
base::Result<std::shared_ptr<const LockFile>> take_lock_file(const LockRequest& request);

// A process as LOCK names it.
struct ProcessName {
  pid_t pid = 0;
  std::string boot;   // /proc/sys/kernel/random/boot_id
  std::string start;  // clock ticks since boot, /proc/PID/stat field 22
  std::string text() const;
  static ProcessName parse(std::string_view text);  // pid 0 when it names none
  static ProcessName self();
};

std::string process_start(pid_t pid);  // empty when there is none

// False for one that is dead or dying (killed, a zombie, leaving): its last writes may still land.
bool lives(const ProcessName& process);

}  // namespace hyd::sys
