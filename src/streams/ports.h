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
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyd::streams {

struct NewStream {
  base::Uid uid;  // random
  std::string region = {};
  std::string name = {};
  std::string arn = {};
  std::uint32_t shards = 1;
  std::int64_t created_ms = 0;
  std::int64_t shards_created_ms = 0;
  Settings settings = {};
  log::Place first;  // durable, and not behind the first record that the stream can get
};

// No record of the shard lies behind `end`; it is durable.
struct ShardEnd {
  log::ShardNumber number;
  log::Place end;
};

// A change of a stream's shards, whole: the ends of those that are closed and the shards that are
// added, of which some may be closed again (`closed_ms` and `end` are set then).
struct ShardChange {
  std::vector<ShardEnd> ends = {};
  std::int64_t closed_ms = 0;
  std::vector<Shard> added = {};  // by index, the next ones of the stream; without numbers
};

// The account's own settings, one for the directory.
struct AccountSettings {
  // The commitment to a minimum throughput: only kept and shown. 0: never asked for.
  std::int64_t commitment_started_ms = 0;
  std::int64_t commitment_ended_ms = 0;
  friend bool operator==(const AccountSettings&, const AccountSettings&) = default;
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

  // Keeps all of them anew. False: the stream is gone, deleted or was never there.
  virtual void put_settings(const base::Uid& stream, Settings settings, base::Done<bool> done) = 0;

  // What a stream that is UPDATING becomes, in the words of whoever asks to keep it: a start finds
  // it and carries it out. It is forgotten by `reshard`, or with the stream.
  virtual void put_pending(const base::Uid& stream, std::string what, base::Done<bool> done) = 0;
  // Gives the added shards numbers that no shard ever had. Null: the stream is being deleted.
  virtual void reshard(const base::Uid& stream, ShardChange change,
                       base::Done<std::shared_ptr<const std::vector<Shard>>> done) = 0;

  virtual void put_account(AccountSettings settings, base::Done<void> done) = 0;

  // Every stream, gone ones included.
  virtual base::Result<std::vector<StreamPtr>> list() = 0;
  virtual base::Result<std::map<base::Uid, std::string>> pending() = 0;
  virtual base::Result<AccountSettings> account() = 0;
  // What iterators and page tokens are sealed with; made at the first start.
  virtual base::Result<std::array<char, codec::kSealKeyBytes>> seal_key(base::Rng& entropy) = 0;
};

}  // namespace hyd::streams
