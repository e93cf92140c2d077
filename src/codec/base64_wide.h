// The wide roads of base64.cc, one pair for each instruction set; only base64.cc includes this.
//
// Each does as many whole blocks as it may and returns how much input it consumed; the plain code
// does the rest. A decoder stops before the first block that holds anything but the 64 letters, so
// that the plain code finds the fault and its place.
#pragma once

#include <cstddef>

namespace hyd::codec::wide {

using Encode = std::size_t (*)(const char* in, std::size_t size, char* out);
using Decode = std::size_t (*)(const char* in, std::size_t size, char* out);

struct Roads {
  Encode encode;
  Decode decode;
};

enum class Set { plain, avx2, avx512 };

bool usable(Set set);  // by this processor
Roads roads(Set set);  // those of `plain` consume nothing
Roads best_roads();

}  // namespace hyd::codec::wide
