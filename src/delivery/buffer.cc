#include "delivery/buffer.h"

#include "base/check.h"

#include <algorithm>

namespace hyd::delivery {

void Buffer::add(const Record& record) {
  oldest_ms_ = records_ == 0 ? record.arrival_ms : std::min(oldest_ms_, record.arrival_ms);
  ++records_;
  bytes_ += record.data_bytes + record.delimiter_bytes;
  Range& range = ranges_[record.shard];
  HYD_CHECK(range.count == 0 || record.place > range.last);
  if (range.count == 0) {
    range.shard = record.shard;
    range.first = record.place;
  }
  range.last = record.place;
  ++range.count;
  range.bytes += record.data_bytes;
}

std::uint64_t Buffer::first_place() const {
  std::uint64_t first = 0;
  for (const auto& [shard, range] : ranges_) {
    if (first == 0 || range.first < first) first = range.first;
  }
  return first;
}

std::vector<Range> Buffer::ranges() const {
  std::vector<Range> all;
  for (const auto& [shard, range] : ranges_) all.push_back(range);
  return all;
}

}  // namespace hyd::delivery
