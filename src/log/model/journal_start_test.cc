// The life of the journal model's process from its start to its crash, and histories of many.
#include "log/model/journal_model.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace hyd::log::model {

using base::Code;
using base::fail;
using base::Result;

namespace {
constexpr Number kStormStarts = 32;
constexpr Number kStartDies = 12;  // per mille, at each step of a start
}  // namespace

History::History(Number seed, const Rules& rules, std::string* trace, Focus focus)
    : rng_(seed), rules_(rules), trace_(trace) {
  world_.segment_blocks = 1 + rng_.below(kBlocksMax);
  world_.power_level = !chance(35);
  faults_.io_errors = chance(50);
  faults_.packing = chance(60);
  faults_.storm = chance(6);
  Number rare = rng_.below(10);  // at most one of these: what one hides another must not explain
  if (focus == Focus::restored_catalog) rare = 3;
  if (focus == Focus::churn) rare = 6;
  switch (rare) {
    case 0: faults_.rot = true; break;
    case 1: faults_.vanish = true; break;
    case 2: faults_.restore_directory = true; break;
    case 3:
    case 4: faults_.restore_catalog = true; break;
    case 5: faults_.clock_steps_back = true; break;
    case 6: faults_.churn = true; break;
    default: break;
  }
  if (faults_.restore_catalog) {
    world_.segment_blocks = 2;
    faults_.packing = chance(25);
  }
  if (faults_.churn) {
    world_.segment_blocks = 1;
    world_.power_level = true;
    faults_.io_errors = faults_.packing = true;
  }
}

void History::say(std::string_view line) {
  if (trace_ != nullptr) trace_->append(line).append("\n");
}

Result<void> History::maybe_die(Number per_mille) {
  if (rng_.below(1000) < per_mille) return fail(Code::cancelled, "crash");
  return {};
}

Result<void> History::commit(bool synced) {
  Database& db = world_.db;
  db.unsynced.push_back(db.now);
  RETURN_IF_ERROR(maybe_die(14));
  if (synced) {
    db.safe = db.now;
    db.unsynced.clear();
  }
  return maybe_die(6);
}

Result<void> History::take_epoch() {
  process_.epoch = ++world_.db.now.epoch;
  return commit(rules_.catalog_durable_first);
}

Result<void> History::start() {
  ++starts_;
  process_ = Process{};
  clock_ += rng_.below(3);
  if (faults_.clock_steps_back && chance(20)) clock_ -= std::min(clock_, rng_.below(40));
  if (rules_.wait_for_the_dead) world_.land_late(rng_, 100);
  RETURN_IF_ERROR(take_epoch());
  if (tracing()) say(fmt::format("start: epoch {}, clock {}", process_.epoch, clock_));
  RETURN_IF_ERROR(maybe_die(kStartDies));
  RETURN_IF_ERROR(recover());
  if (rules_.epochs_above_log && process_.epoch <= process_.epoch_found) {
    world_.db.now.epoch = process_.epoch_found;
    RETURN_IF_ERROR(take_epoch());
    if (tracing())
      say(fmt::format("  the log is newer than the catalog: epoch {}", process_.epoch));
  }
  RETURN_IF_ERROR(maybe_die(kStartDies));
  if (rules_.sync_before_serving) {
    for (Slot& slot : world_.slots) slot.safe = slot.seen;
  }
  RETURN_IF_ERROR(maybe_die(kStartDies));
  RETURN_IF_ERROR(begin_epoch());
  RETURN_IF_ERROR(maybe_die(kStartDies));
  if (!rules_.own_segments) go_on_in_place();
  RETURN_IF_ERROR(cut_tails());
  RETURN_IF_ERROR(serve());
  if (!rules_.slot_with_first_commit) RETURN_IF_ERROR(announce());
  return world_.db.now.intent && chance(80) ? deliver() : Result<void>{};
}

// The rows of this epoch and of those that only headers tell of.
Result<void> History::begin_epoch() {
  Catalog& catalog = world_.db.now;
  const Number found = std::max(process_.place_found, catalog.place_max) >> 32;
  Number block = 0;
  if (process_.epoch > 1) {
    if (rules_.places_above_found) block = found + 1;
    if (rules_.places_above_clock) block = std::max(block, clock_);
  }
  process_.next_place = block == 0 ? 1 : block << 32;
  catalog.place_max = std::max(catalog.place_max, process_.next_place);

  process_.segment = rules_.segments_above_log || !rules_.slot_rows ? process_.segment_found : 0;
  for (const Number segment : catalog.slot_segment) {
    process_.segment = std::max(process_.segment, segment);
  }
  if (rules_.slot_rows && rules_.segments_above_log) {
    catalog.slot_segment = process_.slot_segment_found;
  }
  for (const Slot& slot : world_.slots) {
    for (const Block& block_seen : slot.seen) {
      if (block_seen.kind != Block::Kind::valid || block_seen.epoch >= process_.epoch) continue;
      if (std::ranges::find(catalog.epochs, block_seen.epoch, &EpochRow::epoch) !=
          catalog.epochs.end()) {
        continue;
      }
      catalog.epochs.push_back({.epoch = block_seen.epoch, .first = block_seen.first});
    }
  }
  catalog.epochs.push_back(
      {.epoch = process_.epoch, .first = process_.first, .place = process_.next_place});
  process_.buried_from.resize(std::max(process_.buried_from.size(), process_.epoch + 2),
                              ~Number{0});
  for (Number epoch = 0; epoch < process_.epoch; ++epoch) {
    process_.buried_from[epoch] = std::min(process_.buried_from[epoch], process_.first);
  }
  return commit(rules_.catalog_durable_first);
}

// Off its own segments a run continues behind the last live commit.
void History::go_on_in_place() {
  if (process_.index.empty() || process_.index.back().packed) return;
  const Entry& last = process_.index.back();
  Slot& slot = world_.slots[last.slot];
  process_.slot = last.slot;
  process_.at = last.at + 1;
  slot.length = world_.segment_blocks;
  process_.segment = std::max(process_.segment, slot.seen[last.at].segment);
  for (Number at = process_.at; at < kBlocksMax; ++at) slot.put(at, Block{}, true);
  if (tracing()) say(fmt::format("  goes on in slot {} block {}", last.slot, process_.at));
}

// The segments of former runs end behind their last live commit; what is stranded goes.
Result<void> History::cut_tails() {
  if (!rules_.cut_tails) return {};
  for (Number number = 0; number < world_.slots.size(); ++number) {
    Slot& slot = world_.slots[number];
    if (!slot.exists || (process_.slot && *process_.slot == number)) continue;
    Number newest = 0;
    for (const Block& block : slot.seen) newest = std::max(newest, block.segment);
    if (newest == 0) continue;
    Number keep = 0;
    for (Number at = 0; at < kBlocksMax; ++at) {
      const Block& block = slot.seen[at];
      if (block.segment != newest || dead(block) || block.commit >= process_.first) continue;
      keep = at + 1;
    }
    if (keep >= slot.length) continue;
    if (tracing()) say(fmt::format("  cuts slot {} behind block {}", number, keep));
    slot.length = keep;
    for (Number at = keep; at < kBlocksMax; ++at) slot.put(at, Block{}, true);
    RETURN_IF_ERROR(maybe_die(kStartDies));
  }
  return {};
}

Result<void> History::announce() {
  RETURN_IF_ERROR(take_slot());
  const Block block{.kind = Block::Kind::valid,
                    .segment = process_.segment,
                    .epoch = process_.epoch,
                    .first = process_.first,
                    .commit = process_.next++,
                    .mark = process_.durable,
                    .place = process_.next_place};
  world_.slots[*process_.slot].put(process_.at, block, true);
  process_.index.push_back({.present = true,
                            .commit = block.commit,
                            .place = block.place,
                            .slot = *process_.slot,
                            .at = process_.at});
  ++process_.at;
  process_.readable = process_.durable = process_.next;
  return {};
}

Result<void> History::run(Number steps) {
  RETURN_IF_ERROR(start());
  for (Number i = 0; i < steps; ++i) {
    RETURN_IF_ERROR(maybe_die(faults_.churn ? 40 : copy_ ? 10 : 4));
    RETURN_IF_ERROR(step());
  }
  return {};
}

void History::crash() {
  if (chance(50)) {
    say("KILL");
    std::erase_if(process_.failed_late, [&](const Write& write) {
      if (world_.slots[write.slot].exists && chance(50)) {
        world_.slots[write.slot].put(write.at, write.block, chance(50));
      }
      return true;
    });
    world_.kill(rng_, process_.flight);
  } else {
    say("POWER CUT");
    world_.cut_power(rng_, process_.flight);
  }
  process_ = Process{};
}

// A run ends in a crash or a refusal; only a broken law is an error.
Result<void> History::judge(const Result<void>& result) {
  if (result || result.error().code == Code::cancelled) {
    crash();
    return {};
  }
  if (result.error().code == Code::corrupt) {
    if (tracing()) say(fmt::format("  refused: {}", result.error().what));
    if (!hurt_) return fail(Code::conflict, "refused without damage: " + result.error().what);
    refused_ = true;
    return {};
  }
  return result;
}

Result<void> History::play() {
  const Number runs = 3 + rng_.below(5);
  for (Number i = 0; i < runs && !refused_; ++i) {
    if (faults_.storm && i == 2) {
      RETURN_IF_ERROR(play_storm());
    } else {
      const Number steps = chance(15) ? rng_.below(100) : rng_.below(34);
      RETURN_IF_ERROR(judge(run(steps)));
    }
    if (!refused_) hurt();
  }
  // The last word: everything lands, and a start shows the log.
  for (Number i = 0; i < 3 && !refused_; ++i) {
    const Result<void> last = run(0);
    RETURN_IF_ERROR(judge(last));
    if (last) break;
  }
  return {};
}

// Starts in a row that append little or nothing.
Result<void> History::play_storm() {
  std::optional<Number> before;
  Number submitted = 0;
  for (Number i = 0; i < kStormStarts && !refused_; ++i) {
    Result<void> result = run(0);
    if (result) {
      const Number use = world_.disk_blocks();
      if (!before) {
        before = use;
        submitted = submitted_;
      }
      if (use > *before + (submitted_ - submitted) + 3 * world_.segment_blocks) {
        return fail(Code::conflict,
                    fmt::format("a storm of {} starts took {} blocks for {} commits", i + 1,
                                use - *before, submitted_ - submitted));
      }
      for (Number steps = rng_.below(3); steps > 0 && result; --steps) {
        result = chance(60) ? append() : complete();
      }
    }
    RETURN_IF_ERROR(judge(result));
  }
  return {};
}

namespace {

TEST(JournalStart, AHistoryIsTheSameEachTimeItIsPlayed) {
  for (Number seed = 0; seed < 50; ++seed) {
    std::string first;
    std::string second;
    ASSERT_TRUE(History(seed, Rules{}, &first).play()) << first;
    ASSERT_TRUE(History(seed, Rules{}, &second).play());
    ASSERT_EQ(first, second) << "seed " << seed;
    ASSERT_FALSE(first.empty());
  }
}

}  // namespace
}  // namespace hyd::log::model
