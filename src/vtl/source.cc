#include "vtl/source.h"

#include <fmt/core.h>

namespace hyd::vtl {

Place place_of(std::string_view text, std::size_t offset) {
  Place place;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u) {
      ++place.column;
    }
  }
  return place;
}

std::string to_text(const Diagnostic& diagnostic) {
  return fmt::format("line {}, column {}: {}", diagnostic.place.line, diagnostic.place.column,
                     diagnostic.what);
}

}  // namespace hyd::vtl
