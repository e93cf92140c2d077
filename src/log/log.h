// A durable, ordered log of records for many shards: what everything above builds on.
//
// The interface of the engine; the embedded one is the journal (journal.h), and nothing above may
// know which one it has. It makes four promises:
//   * an append that reports success survives kill -9, and power loss at level `power`; one that
//     reports failure never appears. Where neither can be said, `done` is never told success or
//     failure: the process ends;
//   * the records of one append become durable together or not at all, in order, on adjacent
//   places;
//   * in one shard a later append gets larger places, and its arrival time never goes backwards;
//   * a read never returns a record that could still be lost (Mark::readable is what was answered,
//     Mark::durable what is synced; at level `power` they are the same).
//
// Threads: everything may be called from any thread. `done` runs on the loop `from`; with a null
// `from` it runs on the log's own thread and must only hand over (see sys/wait_for.h).
#pragma once

#include "base/named.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uid.h"
#include "base/units.h"
#include "sys/loop.h"
#include "sys/shared_bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hyd::log {

// A record's number in the log, counted over all shards, from 1; gaps are allowed, reuse is not.
using Place = base::Named<std::uint64_t, struct PlaceTag>;
// A shard as this log knows it: given out by the catalog, never used again.
using ShardNumber = base::Named<std::uint32_t, struct ShardNumberTag>;
// Who needs records that retention would let go: a delivery stream.
using HolderId = base::Named<std::uint64_t, struct HolderTag>;

// What a shard number means, written into every segment that uses it.
struct ShardIdentity {
  base::Uid stream;
  std::uint32_t index = 0;  // of the shard within its stream
  friend bool operator==(const ShardIdentity&, const ShardIdentity&) = default;
};

inline constexpr std::size_t kKeyBytesMax = 65535;
// The largest call: 500 records, 10 MiB of data and keys (AWS documentation, PutRecords) and room
// for records of 10 MiB each with the longest key.
inline constexpr std::uint64_t kCallBytesMax = 16u << 20;

// Bytes are copied before `append` returns.
struct NewRecord {
  ShardNumber shard;
  std::string_view key;
  std::string_view data;
};

struct Appended {
  Place first;                  // record i of the call is at first + i
  std::int64_t arrival_ms = 0;  // the log's time, milliseconds since 1970
};

enum class Mark : std::uint8_t { readable, durable };

struct ReadRequest {
  ShardNumber shard;
  Place from;  // the first place wanted
  std::size_t records_max = 10000;
  std::uint64_t bytes_max = 10u << 20;  // of data and keys; one record is returned even if larger
  Mark up_to = Mark::readable;
};

struct ReadRecord {
  Place place;
  std::int64_t arrival_ms = 0;
  std::string_view key;
  std::string_view data;
};

struct ReadResult {
  std::vector<ReadRecord> records;  // views into `bytes`
  std::vector<sys::SharedBytes> bytes;
  // Where to go on: behind the last record, or, without records, the mark (nothing is before it).
  Place next;
  // True when nothing more of the shard lies between `next` and the mark at the time of the call.
  bool caught_up = false;
};

class Log {
 public:
  virtual ~Log() = default;

  // Code::not_found: a shard is unknown or closed; exhausted: no space or over the log's limit,
  // nothing was written; invalid: larger than kCallBytesMax; io: written in vain and buried;
  // cancelled: stopping, nothing was written.
  virtual void append(sys::Loop& from, std::span<const NewRecord> call,
                      base::Done<Appended> done) = 0;

  // Code::not_found: the shard was never opened; corrupt names the damaged range.
  virtual void read(sys::Loop* from, const ReadRequest& request, base::Done<ReadResult> done) = 0;

  // The first place of the shard whose record arrived at or after `arrival_ms`; the readable mark
  // when there is none.
  virtual void find_by_time(sys::Loop* from, ShardNumber shard, std::int64_t arrival_ms,
                            base::Done<Place> done) = 0;

  // The place behind everything that has been answered or is readable; every record appended after
  // this call lies at it or behind. Costs one atomic load.
  virtual Place end(Mark mark) const = 0;

  // After `done` appends to it are accepted and reads answer. Opening an open shard again with the
  // same identity is no error.
  virtual void open_shard(ShardNumber shard, ShardIdentity identity, base::Done<void> done) = 0;
  // After `done` nothing is acknowledged behind the place it is told, which is durable.
  virtual void close_shard(ShardNumber shard, base::Done<Place> done) = 0;

  // The holder needs every record of the shard behind `low`: its segment stays whatever its age.
  // Holds are not durable: they are stated anew at each start before `start_letting_go`.
  virtual void hold(HolderId holder, ShardNumber shard, Place low) = 0;
  virtual void drop_holder(HolderId holder) = 0;
  virtual void start_letting_go() = 0;

  // False while the bytes admitted and not yet answered are at their cap (64 MiB): sockets are not
  // read then. Costs one atomic load.
  virtual bool has_room() const = 0;

  // Milliseconds since 1970 by the log's own time, which no clock step moves backwards.
  virtual std::int64_t now_ms() const = 0;
};

}  // namespace hyd::log
