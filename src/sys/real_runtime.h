// The real side of Runtime: this process, this kernel.
//
// Environment variables, all for tests:
//   HYDRANT_FAIL              fail points to arm (fail_points.h)
//   HYDRANT_JOURNAL_ROAD      `threads`: journal writes take the road without io_uring
//   HYDRANT_JOURNAL_DELAY_US  microseconds added to every journal write, like a slower device
#pragma once

#include "base/result.h"
#include "sys/runtime.h"

#include <memory>

namespace hyd::sys {

// One for each process, made by `main` before any thread: ignores SIGPIPE, raises the soft limit on
// open files to the hard one, and lets SIGINT and SIGTERM end a container's first process too.
// Code::invalid when one of the variables above is wrong.
base::Result<std::unique_ptr<Runtime>> make_real_runtime();

}  // namespace hyd::sys
