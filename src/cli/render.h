// `hydrant vtl render`: a mapping template tried on a body, without a server.
#pragma once

#include "cli/options.h"

namespace hyd::cli {

// Prints the output and returns 0, or "FILE:LINE:COLUMN: what is wrong" on standard error and 1.
int render(const RenderOptions& options);

}  // namespace hyd::cli
