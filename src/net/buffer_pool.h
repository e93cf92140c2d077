// Blocks of memory that connections borrow while bytes are pending. A loop's pool keeps a few free
// ones for the next reader, the last returned first, so that one hot block serves a loop whose
// handlers answer at once; the rest goes back to the allocator.
//
// One loop's thread; reference counts are plain numbers. The pool outlives its blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace hyd::net {

class BlockPool;

class Block {
 public:
  Block(BlockPool& pool, std::size_t capacity);
  char* data() { return bytes_.get(); }
  std::size_t capacity() const { return capacity_; }

 private:
  friend class BlockRef;
  BlockPool& pool_;
  std::size_t capacity_;
  std::unique_ptr<char[]> bytes_;
  std::uint32_t refs_ = 0;
};

// Shares a block; the last one returns it to the pool.
class BlockRef {
 public:
  BlockRef() = default;
  explicit BlockRef(std::unique_ptr<Block> block) : block_(block.release()) { ++block_->refs_; }
  BlockRef(const BlockRef& other) : block_(other.block_) {
    if (block_ != nullptr) ++block_->refs_;
  }
  BlockRef(BlockRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  BlockRef& operator=(BlockRef other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~BlockRef() { reset(); }

  explicit operator bool() const { return block_ != nullptr; }
  Block* operator->() const { return block_; }
  bool sole() const { return block_->refs_ == 1; }
  void reset();

 private:
  Block* block_ = nullptr;
};

class BlockPool {
 public:
  // An ordinary read: sixteen requests of a kilobyte. Untouched pages of it cost nothing.
  static constexpr std::size_t kSmallBytes = 16 * 1024;
  // A large head, or the window through which a body streams.
  static constexpr std::size_t kLargeBytes = 64 * 1024;

  BlockRef small() { return take(small_, kSmallBytes); }
  BlockRef large() { return take(large_, kLargeBytes); }

 private:
  friend class BlockRef;
  using Free = std::vector<std::unique_ptr<Block>>;
  static constexpr std::size_t kFreeSmallMax = 32;
  static constexpr std::size_t kFreeLargeMax = 4;
  BlockRef take(Free& free, std::size_t capacity);
  void give_back(std::unique_ptr<Block> block);

  Free small_;
  Free large_;
};

}  // namespace hyd::net
