// What the journal model's process does between its start and its crash: commits in flight, failed
// ones and their burial, slots.
#include "log/model/journal_model.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace hyd::log::model {

using base::Code;
using base::fail;
using base::Result;

namespace {
constexpr Number kInFlightMax = 4;
}

Result<void> History::step() {
  if (!rules_.wait_for_the_dead) world_.land_late(rng_, 25);
  std::erase_if(process_.failed_late, [&](const Write& write) {
    if (!chance(20)) return false;
    world_.slots[write.slot].put(write.at, write.block, world_.power_level);
    if (tracing()) {
      say(fmt::format("  slot {} block {}: a write that had failed lands, {}", write.slot, write.at,
                      describe(write.block)));
    }
    return true;
  });
  if (faults_.churn && chance(40)) return chance(60) ? pack() : append();
  if (faults_.restore_catalog && hurt_once_ && chance(40)) return chance(70) ? deliver() : trim();
  const Number draw = rng_.below(100);
  if (draw < 36) return append();
  if (draw < 66) return complete();
  if (draw < 70) return world_.power_level ? complete() : sync();
  if (draw < 76) return open_reader();
  if (draw < 80) return close_reader();
  if (draw < 87) return deliver();
  if (draw < 91) return trim();
  if (draw < 97) return faults_.packing ? pack() : Result<void>{};
  if (draw < 98) return forget_epochs();
  if ((faults_.restore_directory || faults_.restore_catalog) && !copy_) copy_world();
  return {};
}

Result<void> History::append() {
  if (process_.flight.size() >= kInFlightMax) return {};
  if (!process_.slot || process_.at >= world_.segment_blocks) RETURN_IF_ERROR(take_slot());
  world_.truth.events.push_back({.place = process_.next_place, .commit = process_.next});
  ++submitted_;
  const Block block{.kind = Block::Kind::valid,
                    .segment = process_.segment,
                    .epoch = process_.epoch,
                    .first = process_.first,
                    .commit = process_.next++,
                    .mark = rules_.mark_is_synced ? process_.durable : process_.readable,
                    .place = process_.next_place++,
                    .event = world_.truth.events.size()};
  if (tracing()) {
    say(fmt::format("  submits to slot {} block {}: {}", *process_.slot, process_.at,
                    describe(block)));
  }
  process_.flight.push_back({.slot = *process_.slot, .at = process_.at++, .block = block});
  return {};
}

Result<void> History::complete() {
  std::vector<Number> open;
  for (Number i = 0; i < process_.flight.size(); ++i) {
    if (!process_.flight[i].done) open.push_back(i);
  }
  if (open.empty()) return {};
  const Number which = open[rng_.below(open.size())];
  if (faults_.io_errors && chance(faults_.churn ? 20 : 9)) return fail_commit(which);
  Write& write = process_.flight[which];
  world_.slots[write.slot].put(write.at, write.block, world_.power_level);
  write.done = true;
  return advance();
}

// Answers what has become readable, in the order of the log.
Result<void> History::advance() {
  while (!process_.flight.empty() && process_.flight.front().done) {
    const Write write = process_.flight.front();
    process_.flight.erase(process_.flight.begin());
    const Block& block = write.block;
    process_.readable = block.commit + 1;
    if (world_.power_level) process_.durable = process_.readable;
    if (process_.index.empty()) process_.floor = block.commit;
    process_.index.push_back({.present = true,
                              .commit = block.commit,
                              .place = block.place,
                              .event = block.event,
                              .slot = write.slot,
                              .at = write.at});
    if (block.event == 0) continue;
    world_.truth.of(block.event).fate = world_.power_level ? Fate::kept : Fate::weak;
    if (tracing()) say(fmt::format("  answers event {} of commit {}", block.event, block.commit));
    RETURN_IF_ERROR(give_out(block.place, block.event));
  }
  return {};
}

// Level `process`: everything written becomes durable. A failed sync ends the process: what it
// covered is on the device or not, and nobody may ask the page cache.
Result<void> History::sync() {
  const bool fails = faults_.io_errors && chance(10);
  for (Slot& slot : world_.slots) {
    for (Number at = 0; at < kBlocksMax; ++at) {
      if (slot.seen[at] == slot.safe[at]) continue;
      if (!fails || chance(50)) slot.safe[at] = slot.seen[at];
      slot.seen[at] = slot.safe[at];
    }
  }
  if (fails) {
    for (Event& event : world_.truth.events) {
      if (event.fate == Fate::weak) event.fate = Fate::unknown;
    }
    say("  a sync fails");
    return fail(Code::cancelled, "a sync failed");
  }
  process_.durable = process_.readable;
  for (Event& event : world_.truth.events) {
    if (event.fate == Fate::weak) event.fate = Fate::kept;
  }
  if (tracing()) say(fmt::format("  syncs below {}", process_.durable));
  return {};
}

// What a write that reported an error has done to its block: nothing, all, half, or not yet.
void History::land_badly(const Write& write) {
  const Number fate = rng_.below(4);
  Slot& slot = world_.slots[write.slot];
  if (fate == 1) slot.put(write.at, write.block, world_.power_level);
  if (fate == 2) slot.put(write.at, Block{.kind = Block::Kind::broken}, world_.power_level);
  if (fate == 3) process_.failed_late.push_back(write);
  if (tracing()) {
    constexpr std::array<std::string_view, 4> kHow{"not there", "there", "torn", "on its way"};
    say(fmt::format("  the write to slot {} block {} fails and is {}: {}", write.slot, write.at,
                    kHow[fate], describe(write.block)));
  }
}

Result<void> History::fail_commit(Number which) {
  land_badly(process_.flight[which]);
  const Number failed = process_.flight[which].block.commit;
  for (Write& write : process_.flight) {  // all in flight are awaited
    if (write.done || write.block.commit == failed) continue;
    if (chance(10)) {
      land_badly(write);
    } else {
      world_.slots[write.slot].put(write.at, write.block, world_.power_level);
      write.done = true;
    }
  }
  RETURN_IF_ERROR(advance());
  const std::vector<Write> victims = std::move(process_.flight);
  process_.flight.clear();
  const auto report = [&] {
    for (const Write& write : victims) world_.truth.of(write.block.event).fate = Fate::failed;
    if (tracing()) say(fmt::format("  reports the commits from {} as failed", process_.readable));
  };
  if (!rules_.bury_failed) {
    report();
    process_.next = process_.readable;
    return {};
  }
  if (!rules_.bury_before_answer) report();
  RETURN_IF_ERROR(bury(victims.front()));
  if (rules_.bury_before_answer) report();
  // The row is not needed for the answer, but before the segment that begins the epoch is recycled.
  world_.db.now.epochs.push_back(
      {.epoch = process_.epoch, .first = process_.first, .place = process_.next_place});
  world_.db.now.place_max = std::max(world_.db.now.place_max, process_.next_place);
  return commit(true);
}

// A new epoch begins at the readable mark, durable in another segment; else the process ends.
Result<void> History::bury(const Write& failed) {
  RETURN_IF_ERROR(maybe_die(20));
  if (!world_.power_level) RETURN_IF_ERROR(sync());  // its row will name the readable mark
  process_.epoch = ++world_.db.now.epoch;
  RETURN_IF_ERROR(commit(true));
  process_.first = process_.next = process_.readable;
  process_.buried_from.resize(process_.epoch + 2, ~Number{0});
  for (Number epoch = 0; epoch < process_.epoch; ++epoch) {
    process_.buried_from[epoch] = std::min(process_.buried_from[epoch], process_.first);
  }
  if (rules_.own_segments) {
    RETURN_IF_ERROR(take_slot());
  } else {
    process_.slot = failed.slot;
    process_.at = failed.at;
    process_.segment = failed.block.segment;
  }
  const Block block{.kind = Block::Kind::valid,
                    .segment = process_.segment,
                    .epoch = process_.epoch,
                    .first = process_.first,
                    .commit = process_.next++,
                    .mark = process_.durable,
                    .place = process_.next_place};
  ++submitted_;
  if (tracing()) {
    say(fmt::format("  buries in slot {} block {}: {}", *process_.slot, process_.at,
                    describe(block)));
  }
  const Write write{.slot = *process_.slot, .at = process_.at++, .block = block};
  process_.flight.push_back(write);
  RETURN_IF_ERROR(maybe_die(50));
  process_.flight.clear();
  if (chance(10)) {
    land_badly(write);
    return fail(Code::cancelled, "the burial failed");
  }
  world_.slots[write.slot].put(write.at, block, true);
  process_.flight.push_back({.slot = write.slot, .at = write.at, .block = block, .done = true});
  RETURN_IF_ERROR(advance());
  process_.durable = process_.readable;
  return {};
}

// The next segment: a free slot or a new one. Recycling fills it anew or leaves the former life.
Result<void> History::take_slot() {
  Number slot = 0;
  while (slot < world_.slots.size() && !is_free(slot)) ++slot;
  if (slot == world_.slots.size()) world_.slots.emplace_back();
  Catalog& catalog = world_.db.now;
  const Number segment = ++process_.segment;
  if (rules_.slot_rows) {
    if (catalog.slot_segment.size() <= slot) catalog.slot_segment.resize(slot + 1, 0);
    catalog.slot_segment[slot] = segment;
    RETURN_IF_ERROR(commit(true));
  }
  process_.slot = slot;
  process_.at = 0;
  world_.slots[slot].length = world_.segment_blocks;
  if (chance(faults_.churn ? 60 : 25)) {
    for (Number at = 0; at < kBlocksMax; ++at) world_.slots[slot].put(at, Block{}, true);
  }
  if (tracing()) say(fmt::format("  takes slot {} for segment {}", slot, segment));
  return {};
}

bool History::is_free(Number number) const {
  const Slot& slot = world_.slots[number];
  if (!slot.exists || (process_.slot && *process_.slot == number)) return false;
  const auto here = [&](const auto& it) { return it.slot == number; };
  if (std::ranges::any_of(process_.flight, here)) return false;
  if (std::ranges::any_of(process_.failed_late, here)) return false;
  if (rules_.readers_hold && std::ranges::any_of(process_.readers, here)) return false;
  return std::ranges::none_of(process_.index, [&](const Entry& entry) {
    return entry.present && !entry.packed && entry.slot == number &&
           entry.commit >= world_.db.now.trim;
  });
}

namespace {

// The model is worth what its histories reach: commits out of order, burials, both levels.
TEST(JournalRun, HistoriesReachWhatTheyAreFor) {
  std::string all;
  for (Number seed = 0; seed < 300; ++seed) {
    ASSERT_TRUE(History(seed, Rules{}, &all).play()) << seed;
  }
  for (const std::string_view line :
       {"KILL", "POWER CUT", "buries in slot", "is torn", "on its way", "a write that had failed",
        "a sync fails", "packs slot", "cuts slot", ", dead", "ROT in", "VANISHES",
        "THE DIRECTORY IS RESTORED", "ONLY THE CATALOG", "the log is newer", "refused", "delivers",
        "trims"}) {
    EXPECT_NE(all.find(line), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace hyd::log::model
