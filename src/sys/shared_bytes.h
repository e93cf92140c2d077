// Bytes lent by count: written once by their maker, never changed afterwards, freed with the last
// borrower. The journal hands them to the kernel and lends the same memory to readers.
//
// Any thread may hold, copy and read one. Memory is aligned for O_DIRECT (4 KiB).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace hyd::sys {

inline constexpr std::size_t kBlockBytes = 4096;  // alignment and unit of direct I/O

class SharedBytes {
 public:
  SharedBytes() = default;

  // `size` zeroed bytes that `fill` may write before anyone else sees them.
  template <class Fill>
  static SharedBytes make(std::size_t size, Fill&& fill) {
    std::shared_ptr<char[]> memory = allocate(size);
    std::forward<Fill>(fill)(std::span<char>(memory.get(), size));
    return SharedBytes(std::shared_ptr<const char>(memory, memory.get()), size);
  }
  static SharedBytes copy_of(std::string_view bytes);

  const char* data() const { return start_.get(); }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {start_.get(), size_}; }
  // A part of it that keeps the whole alive.
  SharedBytes slice(std::size_t offset, std::size_t size) const {
    return SharedBytes(std::shared_ptr<const char>(start_, start_.get() + offset), size);
  }

 private:
  SharedBytes(std::shared_ptr<const char> start, std::size_t size)
      : start_(std::move(start)), size_(size) {}
  static std::shared_ptr<char[]> allocate(std::size_t size);

  std::shared_ptr<const char> start_;
  std::size_t size_ = 0;
};

}  // namespace hyd::sys
