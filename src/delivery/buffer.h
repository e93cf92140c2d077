// What has been read and is in no intent yet: ranges and counts, never the records' bytes. A
// restart loses nothing by losing it.
#pragma once

#include "delivery/intent.h"
#include "log/log.h"

#include <cstdint>
#include <map>
#include <vector>

namespace hyd::delivery {

class Buffer {
 public:
  // Places of one shard come in rising order.
  struct Record {
    log::ShardNumber shard;
    std::uint64_t place = 0;
    std::int64_t arrival_ms = 0;
    std::uint64_t data_bytes = 0;
    std::uint64_t delimiter_bytes = 0;  // what the object gets behind the data
  };
  void add(const Record& record);

  bool empty() const { return records_ == 0; }
  std::uint64_t records() const { return records_; }
  std::uint64_t bytes() const { return bytes_; }         // as they will stand in the object
  std::int64_t oldest_ms() const { return oldest_ms_; }  // arrival; 0 when empty
  std::uint64_t first_place() const;                     // the smallest; 0 when empty
  std::vector<Range> ranges() const;                     // by shard number

 private:
  std::map<log::ShardNumber, Range> ranges_;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  std::int64_t oldest_ms_ = 0;
};

}  // namespace hyd::delivery
