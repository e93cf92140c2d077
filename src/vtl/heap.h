// Where the values of one render live: a bump allocator that frees everything at once.
//
// Values may contain themselves, so nothing is counted and nothing is freed singly. Objects in it
// have no destructors. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hyd::vtl {

class Heap {
 public:
  // Never null; `bytes` may be 0. A render asks over() between steps instead of checking each.
  void* allocate(std::size_t bytes) {
    bytes = (bytes + kAlign - 1) & ~(kAlign - 1);
    if (bytes > left_) return allocate_chunk(bytes);
    std::byte* const at = next_;
    next_ += bytes;
    left_ -= bytes;
    return at;
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlign);
    return ::new (allocate(sizeof(T))) T(std::forward<Args>(args)...);
  }
  // Uninitialised.
  template <class T>
  T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlign);
    return static_cast<T*>(allocate(count * sizeof(T)));
  }
  std::string_view copy(std::string_view text);

  // Bytes taken from the system since the last reset.
  std::size_t size() const { return size_; }
  // Forgets every value; keeps the first chunk for the next render.
  void reset();

 private:
  static constexpr std::size_t kAlign = 16;
  static constexpr std::size_t kFirstChunk = 32 * 1024;

  void* allocate_chunk(std::size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t size_ = 0;
};

}  // namespace hyd::vtl
