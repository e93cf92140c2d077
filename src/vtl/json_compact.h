// The compact form of a JSON text, without building its values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::vtl {

// Appends what reading `text` and writing it back would give ($input.json('$')), in one pass.
// False, and `out` as before, when the text is anything but an object or array in well-formed JSON
// without repeated names, nested at most `depth_max` deep: the slow road then gives the answer.
bool append_compact_json(std::string_view text, std::uint32_t depth_max, std::string& out);

}  // namespace hyd::vtl
