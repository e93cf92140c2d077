// What the shards of a stream become when one is split, two are merged, or their number changes:
// pure functions of the stream. How that is made true is `resharding.cc`'s
// (docs/decisions/0011-resharding.md).
#pragma once

#include "log/log.h"
#include "streams/hash_key.h"
#include "streams/ports.h"
#include "streams/stream.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::streams {

// What was asked for; the shards are open and the request has been checked.
struct Reshard {
  enum class Kind : std::uint8_t { split, merge, count };
  Kind kind = Kind::count;
  std::uint32_t shard = 0;     // split, merge: the lower one
  std::uint32_t adjacent = 0;  // merge: its upper neighbour
  HashKey at = {};             // split: where the upper child begins
  std::uint32_t count = 1;     // the number of equal ranges

  // As it is kept while a stream is UPDATING: "split 3 KEY", "merge 3 4", "count 10".
  std::string text() const;
  static std::optional<Reshard> parse(std::string_view text);
  friend bool operator==(const Reshard&, const Reshard&) = default;
};

struct ReshardPlan {
  struct Added {
    HashRange range;
    std::uint32_t parent = 0;
    std::optional<std::uint32_t> adjacent_parent = {};
    bool closed = false;  // a step of a change of the number: it never takes a record
  };
  std::vector<std::uint32_t> closed;  // shards that are open now and end
  std::vector<Added> added;           // the next indices of the stream, parents before children
};

// A change of the number is made of splits and merges only, each of which could have been asked
// for: merges of shards whose border lies right beside a new one; splits at each new border, of
// several in one shard the middle one first (so that lineages stay short); then merges from left to
// right of what lies in one new range.
ReshardPlan plan_reshard(const Stream& stream, const Reshard& what);

// The change, when it is known where the closed shards end. A child's second of creation is behind
// the closing one and its parents', so its sequence numbers are larger than all of theirs.
struct Closed {
  std::vector<ShardEnd> ends;  // of the plan's closed shards
  log::Place next;             // behind all of them
  std::int64_t now_ms = 0;
};
ShardChange change_of(const Stream& stream, const ReshardPlan& plan, const Closed& closed);

// The stream with that change; `added` are the change's with their numbers.
void apply(Stream& stream, const ShardChange& change, const std::vector<Shard>& added);

}  // namespace hyd::streams
