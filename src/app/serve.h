// `hydrant up`: the program from its start to its orderly end.
#pragma once

#include "cli/options.h"

namespace hyd::app {

// Serves until SIGINT or SIGTERM; the exit status. What stops it from starting is one sentence on
// standard error. Called once, on the main thread, before any other thread exists.
int serve(const cli::UpOptions& options);

}  // namespace hyd::app
