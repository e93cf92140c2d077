// Kinesis data streams: which there are, on every loop, and how that changes.
//
// A change is decided and made durable in the catalog, shown to every loop, and then answered:
// whoever has the answer finds the change on any loop. Changes of one stream are made one after the
// other, on the first loop.
//   * A create's row is durable first; then the log opens its shards, then loops route to them.
//   * A delete's status is durable first; then loops refuse puts, then the log closes the shards
//     (nothing is acknowledged behind their ends), then the row says so and the name is free.
//   * A reshard lets puts of its stream wait, closes the parents in the log, and makes their ends
//     and the children durable at once; then the log opens the children, loops route to them, and
//     the puts that waited go there (docs/decisions/0011-resharding.md).
// The process may end between any two steps: `open` opens the shards of every row, closes those
// that have ended, and finishes what has begun. A stream that is gone stays in the picture, with
// the ends of its shards, until `forget`: deliveries may still owe its records.
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
#include "streams/quotas.h"
#include "streams/reshard.h"
#include "streams/stream.h"
#include "streams/tokens.h"
#include "sys/loop.h"
#include "sys/runtime.h"
#include "sys/snapshots.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
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
    // How long a stream or consumer stays CREATING, UPDATING or DELETING behind the answer; 0: the
    // answer waits. A start finishes at once what it finds on the way.
    std::chrono::milliseconds transition{0};
    // Open shards of provisioned streams in a region; nothing: as many as fit.
    std::optional<std::uint64_t> shard_limit = std::nullopt;
    // Whether AWS's throughput quotas of each shard hold.
    bool quotas = false;
  };
  // Reads what is kept, opens every shard in the log, finishes deletes. Blocks, and the log answers
  // from its loop: the loops must be running, and no listener open yet.
  static base::Result<std::unique_ptr<Streams>> open(Parts parts);
  struct Kept {
    std::shared_ptr<const Picture> picture;
    std::array<char, codec::kSealKeyBytes> key{};
    AccountSettings account = {};
  };
  Streams(Parts parts, Kept kept);

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

  const std::optional<std::uint64_t>& shard_limit() const { return parts_.shard_limit; }
  std::chrono::milliseconds transition() const { return parts_.transition; }
  // Null when none hold.
  Quotas* quotas() { return quotas_ ? &*quotas_ : nullptr; }

  // `done` runs on the call's loop when every loop shows the change.
  void create(const aws::Call& call, NewStream stream, aws::Done<aws::Nothing> done);
  // Refused while the stream has consumers, unless they go with it.
  void remove(const aws::Call& call, const StreamPtr& stream, bool consumers_too,
              aws::Done<aws::Nothing> done);

  // Told the stream as it is when the change's turn has come; nothing: it is right already.
  using NewSettings = aws::Outcome<std::optional<Settings>>;
  struct Edit {
    std::move_only_function<NewSettings(const Stream& now)> decide;
    bool updates = false;  // the stream is UPDATING for the transition
    // What follows when the transition is over, if there is one; kept nowhere.
    std::move_only_function<void(Settings&)> then = nullptr;
  };
  // `done` is told the stream as every loop shows it.
  void change(const aws::Call& call, const StreamPtr& stream, Edit edit, aws::Done<StreamPtr> done);

  // The same for shards.
  using NewShards = aws::Outcome<std::optional<Reshard>>;
  using DecideShards = std::move_only_function<NewShards(const Stream& now)>;
  void reshard(const aws::Call& call, const StreamPtr& stream, DecideShards decide,
               aws::Done<StreamPtr> done);

  // The account's settings; any loop.
  AccountSettings account_settings() const;
  using DecideAccount = std::move_only_function<AccountSettings(const AccountSettings& now)>;
  void change_account(const aws::Call& call, DecideAccount decide, aws::Done<AccountSettings> done);

  // Around each append, on its loop: a reshard closes shards when what was on its way to them has
  // been answered.
  using PutTurn = std::size_t;
  PutTurn begin_put(const sys::Loop& loop);
  void end_put(const sys::Loop& loop, PutTurn turn);
  // Runs `again` on this loop when a picture has come in which the stream's shards are open. False:
  // too much waits already.
  bool wait_for_shards(const sys::Loop& loop, const base::Uid& stream, std::uint64_t bytes,
                       base::Task again);

 private:
  // Told on the first loop; nothing is success.
  using Answer = std::move_only_function<void(std::optional<aws::Fault>)>;
  Answer answer_on(sys::Loop& loop, aws::Done<aws::Nothing> done);
  // The same with the stream as it is shown.
  Answer answer_on(sys::Loop& loop, const base::Uid& stream, aws::Done<StreamPtr> done);
  aws::Fault missing(std::string_view name) const;

  // Runs `work` on the first loop when no other change of that stream is at work; it ends by
  // calling what it is told, once.
  using Work = std::move_only_function<void(base::Task release)>;
  void in_turn(const base::Uid& stream, Work work);
  void next_turn(const base::Uid& stream);

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

  // The rest of a change, on the first loop (changes.cc).
  void decided(const base::Uid& stream, Edit edit, Answer answer);
  void kept(const base::Uid& stream, Settings settings, Edit edit, Answer answer);
  void settle(const base::Uid& stream, Edit edit);

  // A reshard, on the first loop (resharding.cc).
  struct Resharding;
  using ReshardingPtr = std::shared_ptr<Resharding>;
  void reshard_later(const base::Uid& stream, const Reshard& what, Answer answer);
  void carry_out_later(const base::Uid& stream, Reshard what, std::chrono::nanoseconds delay);
  void carry_out(const StreamPtr& stream, const Reshard& what, Answer answer);
  void drain_puts(base::Task then);
  void close_parents(ReshardingPtr work);
  void store_shards(ReshardingPtr work, std::vector<ShardEnd> ends);
  void open_children(ReshardingPtr work);
  void show_shards(ReshardingPtr work);
  void give_up(ReshardingPtr work, aws::Fault fault);
  void wake_puts(const base::Uid& stream);

  // Records that a longer retention keeps are held in the log (retention.cc).
  void hold_what_is_kept();
  void hold_if_new(const base::Uid& stream);
  void hold_from_now_on();

  // What one loop has of the puts; its own thread's.
  struct Waiting {
    std::uint64_t bytes = 0;
    base::Task again;
  };
  struct Putting {
    std::array<std::uint64_t, 2> in_flight{};
    std::size_t turn = 0;
    base::Task drained;  // nothing: nobody waits for the other turn
    std::map<base::Uid, std::vector<Waiting>> waiting;
    std::uint64_t waiting_bytes = 0;
  };

  sys::Loop& first() const { return *parts_.loops.front(); }

  Parts parts_;
  const std::int64_t opened_ms_;      // the log's time when this was made,
  const base::MonoTime opened_mono_;  // and the monotonic one
  sys::Snapshots<Picture> snapshots_;
  std::vector<Tokens> tokens_;  // one a loop
  std::vector<Putting> puts_;   // one a loop
  std::optional<Quotas> quotas_;
  std::map<base::Uid, std::deque<Work>> turns_;  // the first loop's; an entry while a change works
  std::set<log::ShardNumber> held_;              // the first loop's
  mutable base::Mutex mutex_;
  std::shared_ptr<const Picture> newest_ HYD_GUARDED_BY(mutex_);  // written by the first loop
  AccountSettings account_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::streams
