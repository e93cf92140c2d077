// What the kernel said, in the house's words.
#pragma once

#include "base/result.h"

#include <string_view>

namespace hyd::sys {

// "<doing>: <text of error>"; no space is `exhausted`, EEXIST `conflict`, ENOENT `not_found`, the
// rest `io`. `error` is an errno value.
base::Error os_error(int error, std::string_view doing);

}  // namespace hyd::sys
