// `hydrant vtl explain`: which line of a template made which part of the output.
#pragma once

#include "cli/command_line.h"
#include "cli/vtl_options.h"

namespace hyd::cli {

// Prints the output piece by piece, each behind the line that printed it, and returns 0; or the
// diagnosis on standard error and 1.
int explain(const ExplainOptions& options, const Actions& actions);

}  // namespace hyd::cli
