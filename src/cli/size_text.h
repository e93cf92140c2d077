// Sizes as people type them: "64MiB", "1GiB", "4096".
#pragma once

#include "base/result.h"
#include "base/units.h"

#include <string_view>

namespace hyd::cli {

// A whole number, then nothing or "B" (bytes), "K", "KiB", "M", "MiB", "G", "GiB", "T" or "TiB",
// each 1,024 times the one before; case does not matter.
base::Result<base::ByteCount> parse_size(std::string_view text);

}  // namespace hyd::cli
