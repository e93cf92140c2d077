// A simulated process is a real one: a fork whose end is as sudden as a kill.
//
// The parent holds the disk between lives. `run_process` forks; the child loads the disk, runs
// `body` on a SimRuntime until it returns, dies, or reaches the step at which the seed kills it;
// then the disk and the ledger (what clients of this life were told) come back through a pipe.
// Nothing has to unwind, so code under test needs no way to be killed.
//
// The parent must be single-threaded when it calls.
#pragma once

#include "base/result.h"
#include "sys/sim/sim_disk.h"
#include "sys/sim/sim_runtime.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::sys {

struct SimLife {
  std::uint64_t seed = 1;
  std::uint64_t kill_at_step = 0;  // 0: never
  unsigned cpus = 2;
  std::string fail_points{};  // HYDRANT_FAIL's syntax
  // Set on the disk when it is loaded.
  std::uint64_t capacity = UINT64_MAX;
  std::uint64_t fail_journal_write = 0;
  bool ignore_syncs = false;
  std::int64_t wall_skew_seconds = 0;
  SimNet::Options net{};
};

struct SimEnd {
  enum class How : std::uint8_t { returned, killed, died, crashed };
  How how = How::crashed;
  std::string why;     // for `died`; the signal or status for `crashed`
  std::string disk;    // as SimDisk::save wrote it, flights included; empty when crashed
  std::string ledger;  // every line written by `tell`, in order
  std::uint64_t steps = 0;
};

// What the body may use: the runtime, and a notebook that survives its end.
struct SimProcess {
  SimRuntime& runtime;
  SimDisk& disk;
  std::function<void(std::string_view line)> tell;
};

SimEnd run_process(std::string_view disk, const SimLife& life,
                   const std::function<void(SimProcess&)>& body);

}  // namespace hyd::sys
