#include "sys/shared_bytes.h"

#include "base/check.h"

#include <cstdlib>
#include <cstring>

namespace hyd::sys {

std::shared_ptr<char[]> SharedBytes::allocate(std::size_t size) {
  const std::size_t rounded = (size + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
  void* const memory = std::aligned_alloc(kBlockBytes, rounded == 0 ? kBlockBytes : rounded);
  HYD_CHECK(memory != nullptr);
  std::memset(memory, 0, rounded == 0 ? kBlockBytes : rounded);
  return std::shared_ptr<char[]>(static_cast<char*>(memory), [](char* p) { std::free(p); });
}

SharedBytes SharedBytes::copy_of(std::string_view bytes) {
  return make(bytes.size(), [&](std::span<char> out) {
    if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  });
}

}  // namespace hyd::sys
