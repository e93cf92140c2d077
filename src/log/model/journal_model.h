// An executable model of the journal: what may happen between a start and a crash, many times in a
// row, with every rule of the design as a switch.
//
// A history is a few runs over one World (journal_world.h). A run starts as the program does: waits
// for the dead, takes an epoch number, recovers, syncs, writes its row, cuts, serves. Then it
// appends with several commits in flight, fails and buries, reads, delivers, packs, trims and
// recycles in an order that the seed draws. It ends in a kill or a power cut at any step, those of
// the start included. Between runs a block may rot, a slot file vanish, or the whole directory or
// only the catalog be replaced by an older copy.
//
// The laws, checked at every recovery and every read (`Code::conflict` is a broken one):
//   * what was answered or read is there, unchanged, once, at its place, in order, until let go;
//   * what was reported as failed, or was missing when a start served, never appears;
//   * no place is given to two events, whatever was lost or restored;
//   * an object that is built again has the same events, and no event is in two objects;
//   * a start refuses as damaged only what was damaged, and what was damaged it does refuse;
//   * a storm of starts costs a block for each commit, and a constant.
// At level `process` a power cut may take what was answered and not synced, nothing else.
#pragma once

#include "base/result.h"
#include "base/rng.h"
#include "log/model/journal_world.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hyd::log::model {

// All on: the design. Each is load-bearing: off alone, some history breaks a law.
struct Rules {
  // A start reads nothing before the last write of the dead process has landed.
  bool wait_for_the_dead = true;
  // An epoch appends only to segments of its own. Off: it zeroes the tail of the last segment and
  // goes on there, and writes again over the block whose write failed.
  bool own_segments = true;
  // A run takes a slot with its first commit. Off: it announces itself with a commit at its start.
  bool slot_with_first_commit = true;
  // Commits of older epochs from an epoch's first commit on are dead. Off: the first found counts.
  bool bury_by_epoch = true;
  // The catalog keeps (epoch, first commit) while a slot holds a commit of an older epoch. Off:
  // only headers tell.
  bool keep_epoch_rows = true;
  // A start cuts segments of former runs behind their last live commit.
  bool cut_tails = true;
  // A slot's next segment number is durable in the catalog before its first commit.
  bool slot_rows = true;
  // Segment numbers go on above the highest found in a slot, and the rows are raised to what the
  // slots show. Off: the catalog's numbers count alone.
  bool segments_above_log = true;
  // A start whose epoch number is not above every epoch in the log takes another one.
  bool epochs_above_log = true;
  // What lies below the largest durable mark and is missing is damage. Off: the first gap is the
  // end of the log.
  bool durable_mark = true;
  // The catalog's rows count as durable marks. Off: only headers do.
  bool mark_in_catalog = true;
  // A header's mark says what is synced. Off: what is answered.
  bool mark_is_synced = true;
  // A slot whose content is older than its row is not damage by itself. Off: it is as soon as any
  // commit of a later segment exists.
  bool old_slot_is_no_damage = true;
  // Recovery syncs what it read before anybody sees it.
  bool sync_before_serving = true;
  // A start's rows are synced before it acts on anything that the catalog shows.
  bool catalog_durable_first = true;
  // Intents and low-water marks name only what is synced. Off: what is answered.
  bool catalog_names_synced = true;
  // Places of a run begin above the block of every place found or named.
  bool places_above_found = true;
  // ... and not below the block that the clock says.
  bool places_above_clock = true;
  // A failed commit is buried under a new epoch. Off: reported, and its number used again.
  bool bury_failed = true;
  // ... and durably so before the failure is reported.
  bool bury_before_answer = true;
  // A reader compares what it got with what it asked for, and reads once more.
  bool frames_prove = true;
  // A slot is not recycled while a reader holds it.
  bool readers_hold = true;
  // Nothing is let go above the low-water mark or inside an open intent.
  bool intents_hold = true;
  // A slot is recycled only when the row that frees it is durable. Off: as soon as its commits are
  // copied elsewhere; the row follows with some later one.
  bool free_durably = true;
};

// What the seed decides for the whole history.
struct Faults {
  bool io_errors = false;
  bool packing = false;
  bool clock_steps_back = false;
  bool storm = false;
  bool rot = false;
  bool vanish = false;
  bool restore_directory = false;
  bool restore_catalog = false;
  bool churn = false;  // one block a segment, errors, packing and crashes in quick succession
};

// Which of the rarer ones every history has, for rules that only they need.
enum class Focus : std::uint8_t { none, churn, restored_catalog };

class History {
 public:
  // `trace`, if not null, gets a readable line for each step.
  History(Number seed, const Rules& rules, std::string* trace, Focus focus = Focus::none);

  // Code::conflict: a law is broken. A history that a start refuses rightly is a good one.
  base::Result<void> play();
  bool refused() const { return refused_; }
  Number starts() const { return starts_; }
  Number events() const { return world_.truth.events.size(); }

 private:
  struct Entry {  // a live commit
    bool present = false;
    bool packed = false;
    Number commit = 0;
    Number place = 0;
    Number event = 0;
    Number slot = 0;
    Number at = 0;
  };
  struct Found {
    Block block;
    Number slot = 0;
    Number at = 0;
  };
  struct Process {  // the memory of one run
    Number epoch = 0;
    Number first = 0;
    Number next = 0;
    Number next_place = 0;
    Number readable = 0;  // commits below are answered
    Number durable = 0;   // commits below are synced
    std::optional<Number> slot;
    Number at = 0;
    Number segment = 0;  // the highest number given out
    std::vector<Write> flight;
    std::vector<Write> failed_late;  // failed as far as we know, and will land
    std::vector<Entry> readers;
    Number floor = 0;
    std::vector<Entry> index;  // commit floor + i at i
    // By epoch: the lowest first commit of any newer one.
    std::vector<Number> buried_from;
    Number epoch_found = 0;
    Number segment_found = 0;
    Number place_found = 0;
    Number mark_found = 0;
    std::vector<Number> slot_segment_found;  // the rows, raised to what the slots show
    std::vector<Packed> unwritten;           // rows that free what is recycled already
  };

  // journal_recovery_test.cc
  base::Result<void> recover();
  std::vector<Found> scan();
  void learn_epochs(const std::vector<Found>& found);
  base::Result<void> check_slots(const std::vector<Found>& found) const;
  Number durable_end() const;
  base::Result<void> check_recovered();
  base::Result<void> serve();
  base::Result<void> give_out(Number place, Number event);
  bool dead(const Block& block) const;
  bool catalog_is_old(const std::vector<Found>& found) const;

  // journal_start_test.cc
  base::Result<void> start();
  base::Result<void> take_epoch();
  base::Result<void> begin_epoch();
  base::Result<void> cut_tails();
  base::Result<void> announce();
  void go_on_in_place();
  base::Result<void> run(Number steps);
  void crash();
  void hurt();
  void rot();
  void vanish();
  void copy_world();
  void restore_directory();
  void restore_catalog();
  base::Result<void> play_storm();
  base::Result<void> judge(const base::Result<void>& result);

  // journal_run_test.cc
  base::Result<void> step();
  base::Result<void> append();
  base::Result<void> complete();
  base::Result<void> advance();
  base::Result<void> sync();
  base::Result<void> fail_commit(Number which);
  void land_badly(const Write& write);
  base::Result<void> bury(const Write& failed);
  base::Result<void> take_slot();
  bool is_free(Number slot) const;

  // journal_holders_test.cc
  base::Result<void> open_reader();
  base::Result<void> close_reader();
  base::Result<Number> read(const Entry& entry);
  base::Result<void> deliver();
  base::Result<void> build(const Intent& intent);
  base::Result<void> trim();
  base::Result<void> pack();
  base::Result<void> forget_epochs();

  const Entry* find(Number commit) const;
  // Ends a transaction on world_.db.now. Without `synced` a power cut may still take it.
  base::Result<void> commit(bool synced);
  // Code::cancelled: the process dies here.
  base::Result<void> maybe_die(Number per_mille);
  bool chance(Number percent) { return rng_.below(100) < percent; }
  bool tracing() const { return trace_ != nullptr; }
  void say(std::string_view line);

  base::FastRng rng_;
  Rules rules_;
  std::string* trace_;
  Faults faults_;
  World world_;
  Process process_;
  std::unordered_map<Number, Number> given_;  // place -> the event that somebody saw there
  Number clock_ = 50;                         // seconds
  std::optional<World> copy_;
  // By rot, loss of a file or a restored catalog: until a start has served, a refusal is right.
  bool hurt_ = false;
  bool hurt_once_ = false;
  bool refused_ = false;
  Number starts_ = 0;
  Number submitted_ = 0;
};

}  // namespace hyd::log::model
