// The embedded engine: one journal for the data directory.
//
// How a record goes through it. A loop frames the records of its turn into one batch and posts it
// to the journal loop (`append`, `flush`). The journal loop gives the records their places, closes
// their frames and writes what has arrived as one aligned commit, at most four in flight (`pump`,
// `submit`). When a commit and all before it are durable, the readable mark moves and each loop
// gets its answers back in one message (`finished`, `answer`).
//
// A failed commit is buried before it is reported: everything in flight is awaited, a new epoch
// beginning at the mark is made durable in another segment and in the catalog, and only then are
// the failed calls answered. If that fails too the process ends.
//
// Threads: the state below belongs to the journal loop unless it says otherwise. The storage thread
// (one) makes slots ready and speaks to the catalog; readers run on the asking loop or on I/O
// workers.
#pragma once

#include "base/mutex.h"
#include "log/log.h"
#include "log/log_clock.h"
#include "log/ports.h"
#include "log/reader.h"
#include "log/recover.h"
#include "log/segment.h"
#include "log/slots.h"
#include "sys/journal_io.h"
#include "sys/runtime.h"
#include "sys/workers.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace hyd::log {

struct JournalOptions {
  sys::Durability durability = sys::Durability::power;
  std::uint64_t segment_bytes = 64u << 20;
  std::uint64_t log_bytes_max = UINT64_MAX;
  std::int64_t retention_ms = 24LL * 3600 * 1000;
  // Commits kept in memory for readers, while there are new ones.
  std::uint64_t hot_bytes_max = 64u << 20;
  // Of the index that the open segment has of every record: above it an idle journal closes the
  // segment, whose footer then tells what readers need.
  std::uint64_t idle_index_bytes_max = 4u << 20;
  std::uint64_t admitted_bytes_max = 64u << 20;  // taken and not yet answered
  std::size_t loops = 1;                         // how many loops append
};

// Counters of one journal; written by the journal loop.
struct JournalProbe {
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> records{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> buried{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> segments_freed{0};
  std::atomic<std::uint64_t> hot_bytes{0};  // of commits that are kept in memory for readers
};

class Journal final : public Log {
  // Only `open` can make one, so that there is none that has not recovered.
  struct Token {};

 public:
  struct Parts {
    sys::Runtime& runtime;
    sys::Dir& dir;          // locked by this process
    LogCatalog& catalog;    // open
    sys::Loop& loop;        // the journal loop; not running yet, or this call is not on it
    sys::Workers& readers;  // cold reads
  };
  // The middle of a start: takes the epoch, recovers the log, syncs what was read, makes the new
  // epoch durable and cuts what former runs left. Blocks; on the starting thread.
  static base::Result<std::unique_ptr<Journal>> open(Parts parts, JournalOptions options);
  Journal(Token, Parts parts, JournalOptions options);
  ~Journal() override;

  // What recovery found and cut, a sentence each; complete when `open` returns.
  const std::vector<std::string>& notes() const { return notes_; }
  const std::vector<DamagedRange>& damage() const { return damage_; }
  std::uint64_t epoch() const { return epoch_; }
  std::string_view road() const { return io_->road(); }
  const JournalProbe& probe() const { return probe_; }

  // Refuses what is new, commits what was taken, answers it. `done` runs on the journal loop; the
  // loop may be stopped then. Any thread.
  void stop(base::Task done);

  // --- Log
  void append(sys::Loop& from, std::span<const NewRecord> call, base::Done<Appended> done) override;
  void read(sys::Loop* from, const ReadRequest& request, base::Done<ReadResult> done) override;
  void find_by_time(sys::Loop* from, ShardNumber shard, std::int64_t arrival_ms,
                    base::Done<Place> done) override;
  Place end(Mark mark) const override;
  void open_shard(ShardNumber shard, ShardIdentity identity, base::Done<void> done) override;
  void close_shard(ShardNumber shard, base::Done<Place> done) override;
  void hold(HolderId holder, ShardNumber shard, Place low) override;
  void drop_holder(HolderId holder) override;
  void start_letting_go() override;
  bool has_room() const override;
  std::int64_t now_ms() const override { return now_ms_.load(std::memory_order_relaxed); }

 private:
  // One append, its frames somewhere in its batch.
  struct Call {
    std::size_t offset = 0;
    std::size_t bytes = 0;
    std::uint32_t records = 0;
    base::Done<Appended> done;
  };
  struct Batch {
    sys::Loop* from = nullptr;
    std::string frames;
    std::vector<Call> calls;
  };
  struct Pending {
    std::shared_ptr<Batch> batch;
    std::size_t call = 0;
    Call& get() const { return batch->calls[call]; }
    std::string_view frames() const {
      return std::string_view(batch->frames).substr(get().offset, get().bytes);
    }
  };
  struct Told {
    Pending call;
    base::Result<Appended> answer;
  };
  struct Flight {
    CommitHeader header;
    Segment* segment = nullptr;
    std::uint64_t offset = 0;
    std::vector<Pending> calls;
    std::vector<std::uint64_t> firsts;  // the first place of each call
    bool landed = false;
    base::MonoTime started;
  };
  struct Shard {
    ShardIdentity identity;
    bool open = false;
    std::uint64_t last_place = 0;
  };
  struct Closing {
    ShardNumber shard;
    std::uint64_t commit = 0;  // answered once this one is durable
    base::Done<Place> done;
  };

  // start
  base::Result<void> start();
  void adopt(Recovered found);
  base::Result<void> sync_what_was_read(const Recovered& found);
  base::Result<void> cut(const Recovered& found);

  // appending (journal.cc)
  void flush(std::size_t loop);
  void take(std::shared_ptr<Batch> batch);
  void pump_soon();
  void pump();
  bool may_submit();
  bool known(const Pending& call) const;
  static Told unknown(const Pending& call);
  void refuse(std::vector<Told> told);
  void refuse_unknown();
  bool submit();
  std::size_t gather(std::vector<Pending>& calls, std::uint64_t& bytes,
                     std::vector<ShardNumber>& fresh) const;
  sys::SharedBytes build(Flight& flight, const std::vector<ShardNumber>& fresh, std::uint64_t used);
  void finished(std::uint64_t commit, base::Result<void> result);
  void advance();
  void fail_from(std::uint64_t commit, const base::Error& error);
  void answer(std::vector<Told> told);
  void fail_pending(const base::Error& error);
  void maybe_stopped();

  // segments and slots (journal_space.cc)
  bool ready_segment(std::uint64_t bytes, std::size_t fresh_shards);
  void close_open_segment();
  void want_slot(std::uint64_t bytes_min);
  void slot_ready(base::Result<ReadySlot> slot);
  void seal_what_is_durable();
  void evict_hot(std::uint64_t bytes_max);
  void give_back_when_idle();
  void storage(base::Task task);
  void let_go();
  bool held(const Segment& segment) const;
  void bury();
  void drop_failed();
  void bury_in_ready_slot();
  void buried(std::uint64_t commit);

  // the two marks (journal_marks.cc)
  void written(const Flight& flight);
  void sync_later();
  void sync();
  void synced(std::uint64_t commit, std::uint64_t end);
  bool synced_up();

  // reading (journal_read.cc)
  // Nothing when no record lies between `from` and the limit.
  base::Result<std::optional<ReadPlan>> plan(const ReadRequest& request);
  base::Result<std::uint64_t> limit_of(const ReadRequest& request) const;
  ReadPlan plan_in(const Segment& segment, const SegmentShard& shard, const ReadRequest& request,
                   std::uint64_t limit) const;
  base::Result<std::optional<ReadPlan>> plan_by_time(ShardNumber shard, std::int64_t since_ms,
                                                     Place from) const;
  void search(sys::Loop* from, ShardNumber shard, std::int64_t since_ms, Place next,
              base::Done<Place> done);
  void plan_frames(const Segment& segment, const SegmentShard& shard, const ReadRequest& request,
                   ReadPlan& plan) const;
  base::Result<ReadResult> from_disk(ReadPlan& plan);
  void deliver(sys::Loop* from, std::shared_ptr<ReadPlan> plan, base::Done<ReadResult> done);

  sys::Runtime& runtime_;
  sys::Dir& dir_;
  LogCatalog& catalog_;
  sys::Loop& loop_;
  sys::Workers& readers_;
  const JournalOptions options_;
  std::unique_ptr<sys::JournalIo> io_;
  std::unique_ptr<Slots> slots_;  // the storage thread's, after `open`
  std::unique_ptr<sys::Workers> storage_;
  LogClock clock_;
  JournalProbe probe_;
  base::Uid log_uid_;
  std::vector<std::string> notes_;
  std::vector<DamagedRange> damage_;

  std::vector<std::unique_ptr<Batch>> turns_;  // one a loop, touched by that loop only
  std::atomic<std::uint64_t> admitted_{0};
  std::atomic<std::uint64_t> readable_{1};  // places below it may be answered and read
  std::atomic<std::uint64_t> durable_{1};   // places below it are synced
  std::atomic<std::int64_t> now_ms_{0};
  std::atomic<bool> stopping_{false};

  std::uint64_t epoch_ = 0;
  std::uint64_t epoch_first_commit_ = 0;
  std::uint64_t next_commit_ = 1;
  std::uint64_t written_commit_ = 0;  // readable up to it
  std::uint64_t durable_commit_ = 0;  // the same, at level `power`
  // At level `process`: files of commits that are written and not synced.
  std::set<std::shared_ptr<sys::File>> unsynced_;
  bool sync_armed_ = false;
  bool syncing_ = false;
  bool closed_since_ = false;  // a shard, since pending calls were looked at
  std::uint64_t needed_ = 0;   // bytes of a slot that the next commit waits for; 0: any will do
  std::size_t storage_tasks_ = 0;
  std::size_t freeing_ = 0;  // segments that the storage thread is letting go
  std::uint64_t next_place_ = 1;
  std::int64_t newest_ms_ = 0;
  std::unordered_map<ShardNumber, Shard> shards_;
  std::deque<Pending> pending_;
  std::deque<std::unique_ptr<Flight>> flights_;
  std::vector<Closing> closing_;
  std::deque<std::unique_ptr<Segment>> segments_;  // in the order of the log
  Segment* open_ = nullptr;
  std::deque<ReadySlot> ready_;
  bool slot_wanted_ = false;
  std::uint64_t hot_bytes_ = 0;
  std::size_t footers_in_flight_ = 0;
  std::map<HolderId, std::unordered_map<ShardNumber, std::uint64_t>> holders_;
  std::chrono::nanoseconds usual_{0};
  base::MonoTime last_submit_;
  bool pump_queued_ = false;
  bool timer_armed_ = false;
  bool idle_timer_armed_ = false;
  std::uint64_t failed_from_ =
      0;  // the first commit that failed; nothing is submitted until buried
  bool burying_ = false;
  std::uint64_t burial_epoch_ = 0;  // taken, and waiting for a slot
  std::vector<Told> to_bury_;
  base::Task stopped_;
};

}  // namespace hyd::log
