// Asking the process to end: SIGINT and SIGTERM. (SIGPIPE is ignored by make_real_runtime.)
//
// The first one is posted to a loop as a task, there to begin the orderly stop. The second ends the
// process at once by that signal: what is on disk is the truth, so an impatient operator loses
// nothing that was acknowledged.
#pragma once

#include "base/task.h"
#include "sys/loop.h"

#include <memory>

namespace hyd::sys {

// One for each process. Made on the main thread before other threads exist that did not come from
// Runtime::spawn, since it is this thread's signal mask that keeps the default action away.
class Signals {
 public:
  // `loop` outlives it. `first` is posted at most once.
  Signals(Loop& loop, base::Task first);
  ~Signals();  // the default actions are back

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hyd::sys
