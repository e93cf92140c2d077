// A life of the streams in a simulated process, which may be killed at a step or a fail point; and
// what must hold of a stream in every life.
#pragma once

#include "base/check.h"
#include "streams/testing/streams_life.h"
#include "sys/sim/sim_process.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::streams::testing {

struct Life {
  std::string disk;    // what the next life finds
  std::string ledger;  // what was told
  sys::SimEnd::How how = sys::SimEnd::How::crashed;
};

inline Life live(std::string_view disk, const sys::SimLife& life,
                 const std::function<void(StreamsLife&, sys::SimProcess&)>& body,
                 LifeOptions options = {}) {
  const sys::SimEnd end = sys::run_process(disk, life, [&](sys::SimProcess& process) {
    StreamsLife streams(process.runtime, options);
    body(streams, process);
  });
  EXPECT_NE(end.how, sys::SimEnd::How::crashed) << end.why;
  EXPECT_NE(end.how, sys::SimEnd::How::died) << end.why;
  return {.disk = end.disk, .ledger = end.ledger, .how = end.how};
}

// Open shards tile the hash space, every closed one has children, and they come later.
inline void must_be_whole(const Stream& stream) {
  HashKey next;
  for (const std::uint32_t index : stream.routes) {
    HYD_CHECK(stream.shards[index].range.first == next);
    next = stream.shards[index].range.last.next();
  }
  HYD_CHECK(next == HashKey() && !stream.sealed);
  for (const Shard& shard : stream.shards) {
    HYD_CHECK(stream.children(shard).empty() == shard.open());
    for (const std::optional<std::uint32_t> parent : {shard.parent, shard.adjacent_parent}) {
      if (!parent) continue;
      const Shard& of = stream.shards[*parent];
      HYD_CHECK(of.index < shard.index && of.end && *of.end < shard.first);
      HYD_CHECK(of.created_ms / 1000 < shard.created_ms / 1000);
    }
  }
}

// How often each partition key is in the log, in shards that hold it and before their ends.
inline std::map<std::string, int> keys_in_log(StreamsLife& streams, sys::SimProcess& process,
                                              const Stream& stream) {
  std::map<std::string, int> found;
  for (const Shard& shard : stream.shards) {
    if (shard.never_had_records()) continue;
    log::ReadRequest request{.shard = shard.number, .from = shard.first};
    for (bool caught_up = false; !caught_up;) {
      const auto read = sys::wait_for<log::ReadResult>(process.runtime, [&](auto done) {
        streams.journal().read(nullptr, request, std::move(done));
      });
      HYD_CHECK(read.has_value());
      for (const log::ReadRecord& record : read->records) {
        HYD_CHECK(!shard.end || record.place <= *shard.end);
        HYD_CHECK(shard.range.holds(HashKey::of(record.key)));
        ++found[std::string(record.key)];
      }
      request.from = read->next;
      caught_up = read->caught_up;
    }
  }
  return found;
}

}  // namespace hyd::streams::testing
