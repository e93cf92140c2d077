// One Unicode code point as UTF-8. Surrogates are written as they are (three bytes), since Java's
// strings may hold lone ones; whoever needs valid text checks before.
#pragma once

#include <cstdint>
#include <string>

namespace hyd::codec {

void append_utf8(std::uint32_t point, std::string& out);

}  // namespace hyd::codec
