// The compact form of a JSON text, without building its values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// Kept between calls; what is in it does not matter.
struct CompactMemory {
  struct Open {
    char closer;
    std::size_t keys;  // where the container's keys start in `keys`
  };
  std::vector<Open> open;
  std::vector<std::string_view> keys;
};

// Appends what reading `text` and writing it back would give ($input.json('$')), in one pass.
// False, and `out` as before, when the text is anything but an object or array in well-formed JSON
// without repeated names, nested at most `depth_max` deep: the slow road then gives the answer.
// `text` is well-formed UTF-8.
bool append_compact_json(std::string_view text, std::uint32_t depth_max, CompactMemory& memory,
                         std::string& out);

}  // namespace hyd::vtl
