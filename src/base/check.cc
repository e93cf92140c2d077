#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace hyd::base {

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "hydrant: invariant broken at %s:%d: %s\n", file, line, expression);
  std::abort();
}

}  // namespace hyd::base
