// Files that a person names on the command line, which lie outside of the data directory.
#pragma once

#include "base/result.h"
#include "base/units.h"

#include <string>

namespace hyd::sys {

// The whole file at once; blocks. Code::exhausted: it is larger than `max`.
base::Result<std::string> read_input(const std::string& path, base::ByteCount max);

}  // namespace hyd::sys
