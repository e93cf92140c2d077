#include "streams/quotas.h"

#include <algorithm>
#include <chrono>

namespace hyd::streams {
namespace {

constexpr double kWriteBytes = 1 << 20;
constexpr double kWriteRecords = 1'000;
constexpr double kReadBytes = 2 << 20;
constexpr double kReads = 5;

}  // namespace

void Quotas::fill(Bucket& bucket, double rate, base::MonoTime now) {
  const std::chrono::duration<double> passed = now - bucket.at;
  bucket.tokens = std::min(rate, bucket.tokens + passed.count() * rate);
  bucket.at = now;
}

Quotas::Shard& Quotas::of(log::ShardNumber number, base::MonoTime now) {
  const auto [at, fresh] = shards_.try_emplace(number);
  Shard& shard = at->second;
  if (fresh) {
    shard = {.write_bytes = {.tokens = kWriteBytes, .at = now},
             .write_records = {.tokens = kWriteRecords, .at = now},
             .read_bytes = {.tokens = kReadBytes, .at = now},
             .reads = {.tokens = kReads, .at = now}};
  }
  return shard;
}

bool Quotas::take_write(log::ShardNumber number, std::uint64_t bytes) {
  const base::MonoTime now = clock_.mono();
  const base::Lock lock(mutex_);
  Shard& shard = of(number, now);
  fill(shard.write_bytes, kWriteBytes, now);
  fill(shard.write_records, kWriteRecords, now);
  const auto wanted = static_cast<double>(bytes);
  if (shard.write_records.tokens < 1 || shard.write_bytes.tokens < std::min(wanted, kWriteBytes)) {
    return false;
  }
  shard.write_records.tokens -= 1;
  shard.write_bytes.tokens -= wanted;
  return true;
}

bool Quotas::take_read(log::ShardNumber number) {
  const base::MonoTime now = clock_.mono();
  const base::Lock lock(mutex_);
  Shard& shard = of(number, now);
  fill(shard.reads, kReads, now);
  fill(shard.read_bytes, kReadBytes, now);
  if (shard.reads.tokens < 1 || shard.read_bytes.tokens < 0) return false;
  shard.reads.tokens -= 1;
  return true;
}

void Quotas::count_read(log::ShardNumber number, std::uint64_t bytes) {
  const base::MonoTime now = clock_.mono();
  const auto size = static_cast<double>(bytes);
  const base::Lock lock(mutex_);
  Bucket& bucket = of(number, now).read_bytes;
  bucket.tokens = size > kReadBytes ? std::min(bucket.tokens, 0.0) - size : bucket.tokens - size;
}

}  // namespace hyd::streams
