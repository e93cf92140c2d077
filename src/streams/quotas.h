// AWS's throughput quotas of a shard (AWS documentation, "Quotas and limits"), for those who want
// to see how their clients behave at them. Off unless asked for.
//
// Token buckets that hold one second's worth. A read that returned more than its second's share is
// paid off before the next one, so 10 MiB at once stop the shard for five seconds.
#pragma once

#include "base/clock.h"
#include "base/mutex.h"
#include "log/log.h"

#include <cstdint>
#include <unordered_map>

namespace hyd::streams {

// Any thread.
class Quotas {
 public:
  explicit Quotas(const base::Clock& clock) : clock_(clock) {}

  // Takes a record of that many bytes out of the shard's share; false: there is no room, and
  // nothing was taken. A record larger than a second's share needs a full bucket.
  bool take_write(log::ShardNumber shard, std::uint64_t bytes);
  // Takes a read; what it returned is taken by `count_read`.
  bool take_read(log::ShardNumber shard);
  void count_read(log::ShardNumber shard, std::uint64_t bytes);

 private:
  struct Bucket {
    double tokens = 0;
    base::MonoTime at;
  };
  struct Shard {
    Bucket write_bytes;
    Bucket write_records;
    Bucket read_bytes;
    Bucket reads;
  };
  Shard& of(log::ShardNumber shard, base::MonoTime now) HYD_REQUIRES(mutex_);
  static void fill(Bucket& bucket, double rate, base::MonoTime now);

  const base::Clock& clock_;
  base::Mutex mutex_;
  std::unordered_map<log::ShardNumber, Shard> shards_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::streams
