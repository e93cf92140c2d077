// What the streams ask of whoever keeps them: an interface declared by the room that needs it, so
// that another engine can carry them (the embedded one is `stream_catalog.h`).
//
// When a `done` reports success the change is durable, and after any end of the process it is there
// whole; with an error nothing of it is there. It runs on the catalog's own thread and must only
// hand over; those of one catalog run in the order in which the changes took effect. Any thread may
// call, except that `list` and `seal_key` block and belong to the start.
#pragma once

#include "base/result.h"
#include "base/rng.h"
#include "base/task.h"
#include "codec/seal.h"
#include "streams/stream.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyd::streams {

struct NewStream {
  base::Uid uid;  // random
  std::string region = {};
  std::string name = {};
  std::string arn = {};
  Mode mode = Mode::provisioned;
  std::uint32_t shards = 1;
  std::int64_t created_ms = 0;
  std::int64_t shards_created_ms = 0;
  std::uint64_t record_bytes_max = 1u << 20;
  std::optional<std::int32_t> warm_mibps = {};
  Tags tags = {};
  log::Place first;  // durable, and not behind the first record that the stream can get
};

// No record of the shard lies behind `end`; it is durable.
struct ShardEnd {
  log::ShardNumber number;
  log::Place end;
};

struct TagChange {
  Tags put = {};
  std::vector<std::string> remove = {};
  std::size_t total_max = 50;
};

struct TagOutcome {
  bool stream_exists = false;
  bool too_many = false;  // nothing was changed
  Tags tags = {};         // after the change
};

class StreamCatalog {
 public:
  virtual ~StreamCatalog() = default;

  // Gives its shards numbers that no shard ever had. A row that exists is a whole stream: the next
  // start opens its shards. Null: the region has a stream of that name, whatever its status.
  virtual void create(NewStream stream, base::Done<StreamPtr> done) = 0;

  // Deleting takes two steps, so that a start finishes what an end of the process cut short: from
  // the first on the status is `deleting`, from the second on `gone` and the name is free. False:
  // the stream is gone or was never there.
  virtual void begin_delete(const base::Uid& stream, base::Done<bool> done) = 0;
  // Twice is once: the ends of the first time stay.
  virtual void finish_delete(const base::Uid& stream, std::vector<ShardEnd> ends,
                             base::Done<void> done) = 0;
  // Forgets a stream that is gone, when nobody reads its records any more.
  virtual void forget(const base::Uid& stream, base::Done<void> done) = 0;

  virtual void change_tags(const base::Uid& stream, TagChange change,
                           base::Done<TagOutcome> done) = 0;

  // Every stream, gone ones included.
  virtual base::Result<std::vector<StreamPtr>> list() = 0;
  // What iterators and page tokens are sealed with; made at the first start.
  virtual base::Result<std::array<char, codec::kSealKeyBytes>> seal_key(base::Rng& entropy) = 0;
};

}  // namespace hyd::streams
