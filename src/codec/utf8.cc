#include "codec/utf8.h"

namespace hyd::codec {

void append_utf8(std::uint32_t point, std::string& out) {
  const auto put = [&](std::uint32_t b) { out.push_back(static_cast<char>(b)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0u | point >> 6);
    put(0x80u | (point & 0x3Fu));
  } else if (point < 0x10000) {
    put(0xE0u | point >> 12);
    put(0x80u | (point >> 6 & 0x3Fu));
    put(0x80u | (point & 0x3Fu));
  } else {
    put(0xF0u | point >> 18);
    put(0x80u | (point >> 12 & 0x3Fu));
    put(0x80u | (point >> 6 & 0x3Fu));
    put(0x80u | (point & 0x3Fu));
  }
}

}  // namespace hyd::codec
