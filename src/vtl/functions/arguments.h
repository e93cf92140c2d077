// What functions ask of their arguments. Java picks an overload by the classes of the arguments and
// converts nothing; a null argument fits every class and then throws.
#pragma once

#include "vtl/functions/table.h"

#include <cstddef>

namespace hyd::vtl::fn {

inline const Value& argument(const Call& call, std::size_t i) { return call.arguments[i]; }

// The bare words of templates: null.
inline Value null_argument(const Call& call) {
  return call.run.fail("the argument is null, a bare word");
}

}  // namespace hyd::vtl::fn
