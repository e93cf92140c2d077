#include "net/buffer_pool.h"

namespace hyd::net {

Block::Block(BlockPool& pool, std::size_t capacity)
    : pool_(pool), capacity_(capacity), bytes_(std::make_unique_for_overwrite<char[]>(capacity)) {}

void BlockRef::reset() {
  if (block_ == nullptr) return;
  Block* const block = std::exchange(block_, nullptr);
  if (--block->refs_ == 0) block->pool_.give_back(std::unique_ptr<Block>(block));
}

BlockRef BlockPool::take(Free& free, std::size_t capacity) {
  if (free.empty()) return BlockRef(std::make_unique<Block>(*this, capacity));
  BlockRef block(std::move(free.back()));
  free.pop_back();
  return block;
}

void BlockPool::give_back(std::unique_ptr<Block> block) {
  const bool small = block->capacity() == kSmallBytes;
  Free& free = small ? small_ : large_;
  if (free.size() < (small ? kFreeSmallMax : kFreeLargeMax)) free.push_back(std::move(block));
}

}  // namespace hyd::net
