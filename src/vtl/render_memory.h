// What a renderer keeps between renders besides its heap, so that most renders allocate nothing.
#pragma once

#include "vtl/json_compact.h"
#include "vtl/machine.h"
#include "vtl/regex_cache.h"

#include <string>

namespace hyd::vtl {

struct RenderMemory {
  MachineMemory machine;
  RegexCache regexes;
  CompactMemory compact;
  // For a function that builds a text and calls nothing that does the same; empty before and after.
  std::string buffer;
};

}  // namespace hyd::vtl
