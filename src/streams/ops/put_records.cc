#include "streams/ops/operations.h"
#include "streams/ops/put.h"
#include "streams/shard_id.h"

#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace hyd::streams {
namespace {

constexpr std::uint64_t kCallBytesMax = 10u << 20;  // of data and keys

// What the whole call is refused for, beside its shape.
aws::Outcome<void> check(const PutRecordsInput& input, const Stream& stream) {
  const std::uint64_t bytes_max = stream.settings.record_bytes_max;
  for (std::size_t i = 0; i < input.records.size(); ++i) {
    const PutRecordsEntry& entry = input.records[i];
    if (entry.data.size() + entry.partition_key.size() > bytes_max) {
      return record_too_large(entry.data.size(), fmt::format("records.{}.member.data", i + 1),
                              bytes_max);
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

// Where each entry goes, and whether the quota of its shard lets it.
struct Route {
  std::uint32_t shard = 0;  // index
  bool taken = true;
};

// Leaves only the records that their shards' quotas let in.
void take_quotas(Quotas& quotas, std::vector<log::NewRecord>& records, std::vector<Route>& routes) {
  std::size_t at = 0;
  std::erase_if(records, [&](const log::NewRecord& record) {
    Route& route = routes[at++];
    route.taken = quotas.take_write(record.shard, record.key.size() + record.data.size());
    return !route.taken;
  });
}

PutRecordsOutput reply(const Streams& streams, const Stream& stream,
                       const std::vector<Route>& routes, const log::Appended& at) {
  PutRecordsOutput output;
  output.records.reserve(routes.size());
  std::uint64_t place = at.first.raw();
  for (const Route& route : routes) {
    const Shard& shard = stream.shards[route.shard];
    PutRecordsResult& result = output.records.emplace_back();
    if (route.taken) {
      result.sequence_number = sequence_text(shard, log::Place(place++), at.arrival_ms);
      result.shard_id = shard_id(shard.index);
      continue;
    }
    aws::Fault fault = write_throttled(stream_at(streams, stream.name), shard_id(shard.index));
    ++output.failed_record_count;
    result.error_code = std::move(fault.name);
    result.error_message = std::move(fault.message);
  }
  output.encryption_type = encryption_of_records(stream);
  return output;
}

}  // namespace

// All records of a call are one append: durable together, or none is and none ever will be. So no
// entry fails alone, but under emulated quotas: log shippers send the whole call again after one
// failed entry, and each of the others would be there twice.
void put_records(Streams& streams, const aws::Call& call, const PutRecordsInput& input,
                 aws::Done<PutRecordsOutput> done) {
  const std::uint64_t bytes = bytes_of(input);
  if (bytes > kCallBytesMax) return done(std::unexpected(call_too_large()));
  aws::Outcome<StreamPtr> found =
      find_for_data(streams, call, {input.stream_name, input.stream_arn});
  if (!found) return done(std::unexpected(std::move(found).error()));
  StreamPtr stream = *std::move(found);
  if (aws::Outcome<void> good = check(input, *stream); !good) {
    return done(std::unexpected(std::move(good).error()));
  }

  std::vector<log::NewRecord> records;
  std::vector<Route> routes;
  records.reserve(input.records.size());
  routes.reserve(input.records.size());
  for (const PutRecordsEntry& entry : input.records) {
    const aws::Outcome<HashKey> hash = hash_of({entry.partition_key, entry.explicit_hash_key});
    if (!hash) return done(std::unexpected(hash.error()));
    const Shard& shard = stream->route(*hash);
    records.push_back({.shard = shard.number, .key = entry.partition_key, .data = entry.data});
    routes.push_back({.shard = shard.index});
  }
  if (stream->sealed) {
    const Shard& shard = stream->shards[routes.front().shard];
    auto waiting = std::make_shared<Waiting<PutRecordsInput, PutRecordsOutput>>(
        Waiting<PutRecordsInput, PutRecordsOutput>{call, input, std::move(done)});
    if (!streams.wait_for_shards(call.loop, stream->uid, bytes, [&streams, waiting] {
          put_records(streams, waiting->call, waiting->input, std::move(waiting->done));
        })) {
      waiting->done(std::unexpected(too_many_wait(streams, *stream, shard)));
    }
    return;
  }
  if (Quotas* const quotas = streams.quotas(); quotas != nullptr && is_limited(*stream)) {
    take_quotas(*quotas, records, routes);
    if (records.empty()) return done(reply(streams, *stream, routes, {}));
  }
  const Streams::PutTurn turn = streams.begin_put(call.loop);
  streams.log().append(
      call.loop, records,
      [&streams, &loop = call.loop, turn, stream = std::move(stream), routes = std::move(routes),
       done = std::move(done)](base::Result<log::Appended> at) mutable {
        streams.end_put(loop, turn);
        if (!at) {
          const Shard& shard = stream->shards[routes.front().shard];
          return done(
              std::unexpected(append_fault(streams, *stream, shard, std::move(at).error())));
        }
        done(reply(streams, *stream, routes, *at));
      });
}

}  // namespace hyd::streams
