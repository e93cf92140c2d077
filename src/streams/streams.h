// Kinesis data streams: which there are, on every loop, and how that changes.
//
// A change is decided and made durable in the catalog, shown to every loop, and then answered:
// whoever has the answer finds the change on any loop.
//   * A create's row is durable first; then the log opens its shards, then loops route to them.
//   * A delete's status is durable first; then loops refuse puts, then the log closes the shards
//     (nothing is acknowledged behind their ends), then the row says so and the name is free.
// The process may end between any two steps: `open` opens the shards of every row and finishes
// every delete that has begun. A stream that is gone stays in the picture, with the ends of its
// shards, until `forget`: deliveries may still owe its records.
//
// Owned by `app`, outlives the loops' last call. Handlers use the picture of the call's loop; the
// first loop is the only publisher.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "base/mutex.h"
#include "base/result.h"
#include "catalog/schema.h"
#include "catalog/statement.h"
#include "codec/seal.h"
#include "log/log.h"
#include "streams/ports.h"
#include "streams/stream.h"
#include "streams/tokens.h"
#include "sys/loop.h"
#include "sys/runtime.h"
#include "sys/snapshots.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyd::streams {

// The rows of the operations, for aws::Dispatcher::add(kinesis_table(), streams).
const aws::ServiceTable& kinesis_table();
// To be passed to Catalog::open with everyone's.
catalog::Schema streams_schema();
// The highest place that a row of this room names, for the start of the log; 0: none.
base::Result<std::uint64_t> place_max(catalog::Queryable& from);

class Streams {
 public:
  struct Parts {
    sys::Runtime& runtime;
    StreamCatalog& catalog;
    log::Log& log;                  // open; all of these outlive it
    std::vector<sys::Loop*> loops;  // in the order of their indices
    std::string account;
    // How long a stream stays CREATING or DELETING behind the answer; 0: the answer waits.
    std::chrono::milliseconds transition{0};
  };
  // Reads what is kept, opens every shard in the log, finishes deletes. Blocks, and the log answers
  // from its loop: the loops must be running, and no listener open yet.
  static base::Result<std::unique_ptr<Streams>> open(Parts parts);
  Streams(Parts parts, std::shared_ptr<const Picture> picture,
          const std::array<char, codec::kSealKeyBytes>& key);

  // The picture of this loop, for its own thread.
  const Picture& picture(const sys::Loop& loop) const { return *snapshots_.here(loop); }
  // The newest picture, for threads that are no loop's. A stream is in it before it takes records.
  std::shared_ptr<const Picture> newest() const;

  // Nobody reads the records of this stream, which is gone, any more. Any thread.
  void forget(const base::Uid& stream);

  // --- for the operations
  log::Log& log() { return parts_.log; }
  const std::string& account() const { return parts_.account; }
  base::Rng& entropy() { return parts_.runtime.entropy(); }
  // Of the call's loop.
  Tokens& tokens(const sys::Loop& loop) { return tokens_[loop.index()]; }
  // The log's time also while nothing is written: clock steps do not move it.
  std::int64_t now_ms() const;

  // `done` runs on the call's loop when every loop shows the change.
  void create(const aws::Call& call, NewStream stream, aws::Done<aws::Nothing> done);
  void remove(const aws::Call& call, const StreamPtr& stream, aws::Done<aws::Nothing> done);
  void change_tags(const aws::Call& call, const StreamPtr& stream, TagChange change,
                   aws::Done<aws::Nothing> done);

 private:
  // Told on the first loop; nothing is success.
  using Answer = std::move_only_function<void(std::optional<aws::Fault>)>;
  Answer answer_on(sys::Loop& loop, aws::Done<aws::Nothing> done);

  // On the first loop: alters the newest picture, shows it to every loop, then `everywhere`.
  void publish(std::move_only_function<void(Picture&)> change, base::Task everywhere);
  // The same for one stream, which may be in the picture no more.
  void alter(const base::Uid& stream, std::move_only_function<void(Stream&)> change,
             base::Task everywhere);

  // The rest of a create and of a delete, on the first loop.
  void created(const StreamPtr& stream, Answer answer);
  void activate(const StreamPtr& stream, Answer answer);
  void begun_to_delete(const base::Uid& stream, Answer answer);
  void close(const StreamPtr& stream, Answer answer);
  void closed(const StreamPtr& stream, std::vector<ShardEnd> ends, Answer answer);

  sys::Loop& first() const { return *parts_.loops.front(); }

  Parts parts_;
  const std::int64_t opened_ms_;      // the log's time when this was made,
  const base::MonoTime opened_mono_;  // and the monotonic one
  sys::Snapshots<Picture> snapshots_;
  std::vector<Tokens> tokens_;  // one a loop
  mutable base::Mutex mutex_;
  std::shared_ptr<const Picture> newest_ HYD_GUARDED_BY(mutex_);  // written by the first loop
};

}  // namespace hyd::streams
