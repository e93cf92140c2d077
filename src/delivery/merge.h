// The durable records of several shards in the order of their places, read a slice at a time.
//
// Both the reader, which learns what is there, and the builder, which fetches what an intent names,
// go through here. Places are counted over all shards, so their order is the order in which the
// records arrived. At most `bytes_max`, or 64 KiB a shard, is held; the bytes are the log's own
// (lent by count), checked by it against shard and place.
//
// Blocks: for a worker, one at a time.
#pragma once

#include "base/result.h"
#include "log/log.h"
#include "sys/runtime.h"
#include "sys/shared_bytes.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace hyd::delivery {

struct Stretch {
  log::ShardNumber shard;
  std::uint64_t from = 0;  // the first place that may be wanted
  std::uint64_t to = 0;    // behind the last one; nothing from here on is asked for
  // The shard is closed or its stream deleted: when the log does not know it any more, nothing of
  // it is left.
  bool may_be_gone = false;
};

class Merge {
 public:
  struct Parts {
    sys::Runtime& runtime;
    log::Log& log;
    // Asked before each read; true ends the merge with Code::cancelled.
    std::function<bool()> stopping;
  };
  Merge(Parts parts, std::vector<Stretch> stretches, std::uint64_t bytes_max);

  struct Record {
    log::ShardNumber shard;
    std::uint64_t place = 0;
    std::int64_t arrival_ms = 0;
    std::string_view data;  // until the next call
  };
  // The next record, or nothing when every stretch has been read to its end. The record stays the
  // next one until `take`. Code::corrupt: the log holds what cannot be read, or lacks what was
  // there.
  base::Result<std::optional<Record>> peek();
  void take();

 private:
  struct Source {
    Stretch stretch;
    std::vector<log::ReadRecord> records = {};
    std::vector<sys::SharedBytes> bytes = {};  // what `records` look into
    std::size_t at = 0;
    bool ended = false;
  };
  base::Result<void> fill(Source& source);

  Parts parts_;
  std::vector<Source> sources_;
  std::uint64_t slice_bytes_;
  Source* next_ = nullptr;  // the one whose record `peek` showed
};

}  // namespace hyd::delivery
