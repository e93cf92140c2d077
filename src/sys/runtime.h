// Everything that touches the kernel, in one object that `app` makes first: the real one
// (`real_runtime.h`) or the simulated twin (`sim/sim_runtime.h`). Rooms take from it only the part
// that they need.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/rng.h"
#include "base/task.h"
#include "base/units.h"
#include "sys/fail_points.h"
#include "sys/file.h"
#include "sys/journal_io.h"
#include "sys/loop.h"
#include "sys/thread.h"

#include <memory>
#include <string>
#include <string_view>

namespace hyd::sys {

class Runtime {
 public:
  virtual ~Runtime() = default;
  virtual base::Clock& clock() = 0;
  virtual base::Rng& entropy() = 0;  // any thread; costs a system call
  virtual FailPoints& fail_points() = 0;

  virtual std::unique_ptr<Loop> make_loop(std::string name) = 0;
  virtual std::unique_ptr<Thread> spawn(std::string name, base::Task body) = 0;
  virtual std::unique_ptr<Semaphore> make_semaphore() = 0;  // count zero
  // Blocks the calling thread, never a loop's.
  virtual void sleep_until(base::MonoTime when) = 0;

  // Opens the directory, made with mode 0700 when missing (its parent synced).
  virtual base::Result<std::unique_ptr<Dir>> open_dir(std::string_view path) = 0;
  // `loop` owns it. Never fails: the ladder ends at threads with buffered writes.
  virtual std::unique_ptr<JournalIo> make_journal_io(Loop& loop, Durability durability) = 0;

  virtual unsigned usable_cpus() = 0;           // affinity and cgroup quota, at least 1
  virtual base::ByteCount usable_memory() = 0;  // the smaller of the machine's and the cgroup's

  // The end of this process, at once, without unwinding: what is said on disk is the truth and the
  // next start goes on from it. For a failed sync of the catalog and the like.
  [[noreturn]] virtual void die(std::string_view why) = 0;
};

}  // namespace hyd::sys
