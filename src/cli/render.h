// `hydrant vtl render`: a mapping template tried on a request, without a server.
#pragma once

#include "cli/command_line.h"
#include "cli/vtl_options.h"

namespace hyd::cli {

// Prints the output, what a stream would be given, and the time, and returns 0; or the diagnosis on
// standard error and 1.
int render(const RenderOptions& options, const Actions& actions);

}  // namespace hyd::cli
