// `hydrant log verify`: every byte of a journal that nobody has open, looked at.
#pragma once

#include "cli/options.h"
#include "log/verify.h"

#include <string>

namespace hyd::cli {

// Prints a line for each segment, one for each damaged range, and one that sums up. 0: nothing is
// damaged; 1: something is; 2: it could not be looked at (no such directory, a process has it).
// On a terminal, standard error shows how far it is meanwhile.
int verify_log(const LogVerifyOptions& options);

std::string progress_text(const log::VerifyProgress& progress);

}  // namespace hyd::cli
