#include "streams/ops/operations.h"
#include "streams/ops/put.h"
#include "streams/shard_id.h"

#include <fmt/core.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace hyd::streams {
namespace {

constexpr std::uint64_t kCallBytesMax = 10u << 20;  // of data and keys

// What the whole call is refused for, beside its shape.
aws::Outcome<void> check(const PutRecordsInput& input, const Stream& stream) {
  for (std::size_t i = 0; i < input.records.size(); ++i) {
    const PutRecordsEntry& entry = input.records[i];
    if (entry.data.size() + entry.partition_key.size() > stream.record_bytes_max) {
      return record_too_large(entry.data.size(), fmt::format("records.{}.member.data", i + 1),
                              stream.record_bytes_max);
    }
  }
  return {};
}

std::uint64_t bytes_of(const PutRecordsInput& input) {
  std::uint64_t bytes = 0;
  for (const PutRecordsEntry& entry : input.records) {
    bytes += entry.data.size() + entry.partition_key.size();
  }
  return bytes;
}

// `shards` has the index of each record's shard.
PutRecordsOutput reply(const Stream& stream, const std::vector<std::uint32_t>& shards,
                       const log::Appended& at) {
  PutRecordsOutput output;
  output.records.reserve(shards.size());
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const Shard& shard = stream.shards[shards[i]];
    output.records.push_back(
        {.sequence_number = sequence_text(shard, log::Place(at.first.raw() + i), at.arrival_ms),
         .shard_id = shard_id(shard.index)});
  }
  return output;
}

}  // namespace

// All records of a call are one append: durable together, or none is and none ever will be. So no
// entry fails alone: log shippers send the whole call again after one failed entry, and each of the
// others would be there twice.
void put_records(Streams& streams, const aws::Call& call, const PutRecordsInput& input,
                 aws::Done<PutRecordsOutput> done) {
  if (bytes_of(input) > kCallBytesMax) return done(std::unexpected(call_too_large()));
  aws::Outcome<StreamPtr> found =
      find_for_data(streams, call, {input.stream_name, input.stream_arn});
  if (!found) return done(std::unexpected(std::move(found).error()));
  StreamPtr stream = *std::move(found);
  if (aws::Outcome<void> good = check(input, *stream); !good) {
    return done(std::unexpected(std::move(good).error()));
  }

  std::vector<log::NewRecord> records;
  std::vector<std::uint32_t> shards;
  records.reserve(input.records.size());
  shards.reserve(input.records.size());
  for (const PutRecordsEntry& entry : input.records) {
    const aws::Outcome<HashKey> hash = hash_of({entry.partition_key, entry.explicit_hash_key});
    if (!hash) return done(std::unexpected(hash.error()));
    const Shard& shard = stream->route(*hash);
    records.push_back({.shard = shard.number, .key = entry.partition_key, .data = entry.data});
    shards.push_back(shard.index);
  }
  streams.log().append(call.loop, records,
                       [&streams, stream = std::move(stream), shards = std::move(shards),
                        done = std::move(done)](base::Result<log::Appended> at) mutable {
                         if (!at) {
                           const Shard& shard = stream->shards[shards.front()];
                           return done(std::unexpected(
                               append_fault(streams, *stream, shard, std::move(at).error())));
                         }
                         done(reply(*stream, shards, *at));
                       });
}

}  // namespace hyd::streams
