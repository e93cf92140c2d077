// Where two documents first differ, said shortly: for a person who changed something in a long
// file.
#pragma once

#include "codec/json.h"

#include <string>
#include <vector>

namespace hyd::stacks {

struct Difference {
  std::vector<std::string>
      path;            // member names, and indexes of lists; empty: the documents themselves
  codec::Json before;  // null: it was absent, as null is no value in a template
  codec::Json after;
};

// In the order of `after`, then what only `before` has. Both are expected to differ (record.h,
// same).
Difference first_difference(const codec::Json& before, const codec::Json& after);

// The two values, each short enough for a message: a scalar as JSON, of long texts the piece around
// the place where they begin to differ ("…, \"b\": 2…"), "a map", "a list of 3", "absent".
struct ShownPair {
  std::string before;
  std::string after;
};
ShownPair shown(const codec::Json& before, const codec::Json& after);

}  // namespace hyd::stacks
