#include "vtl/heap.h"

#include <algorithm>
#include <cstring>

namespace hyd::vtl {

std::string_view Heap::copy(std::string_view text) {
  if (text.empty()) return {};
  char* const at = make_array<char>(text.size());
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

void* Heap::allocate_chunk(std::size_t bytes) {
  // Chunks grow with what is in use, so that big renders need few; big objects get their own.
  const bool first = chunks_.empty() && bytes <= kFirstChunk;
  if (chunks_.empty() && !first) allocate_chunk(0);
  const std::size_t grown = std::min<std::size_t>(size_, 1u << 20);
  const std::size_t chunk = first ? kFirstChunk : std::max({bytes, kFirstChunk, grown});
  chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk));
  std::byte* const at = chunks_.back().get();
  size_ += chunk;
  if (chunk - bytes >= left_) {
    next_ = at + bytes;
    left_ = chunk - bytes;
  }
  return at;
}

void Heap::reset() {
  if (chunks_.empty()) return;
  chunks_.resize(1);
  next_ = chunks_[0].get();
  left_ = kFirstChunk;
  size_ = kFirstChunk;
}

}  // namespace hyd::vtl
