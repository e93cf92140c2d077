// The world of the journal model and what a kill and a power cut leave of it.
#include "log/model/journal_world.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace hyd::log::model {

void Slot::put(Number at, const Block& block, bool durable) {
  if (seen[at].kind == Block::Kind::valid && seen[at].segment != block.segment) {
    earlier[at] = seen[at];
  }
  seen[at] = block;
  if (durable) safe[at] = block;
}

const Packed* Catalog::find_packed(Number commit) const {
  const auto found = std::ranges::find(packed, commit, &Packed::commit);
  return found == packed.end() ? nullptr : &*found;
}

Number World::disk_blocks() const {
  Number sum = 0;
  for (const Slot& slot : slots) sum += slot.exists ? slot.length : 0;
  return sum;
}

void World::land_late(base::Rng& rng, Number percent) {
  std::erase_if(late, [&](const Write& write) {
    if (rng.below(100) >= percent) return false;
    if (slots[write.slot].exists) {
      slots[write.slot].put(write.at, write.block, rng.below(100) < 70);
    }
    return true;
  });
}

void World::kill(base::Rng& rng, const std::vector<Write>& flight) {
  for (const Write& write : flight) {
    if (write.done) continue;
    const Number fate = rng.below(100);
    if (fate < 40) {
      late.push_back(write);
    } else if (fate < 70) {
      slots[write.slot].put(write.at, write.block, false);  // arrived, but a power cut takes it
    }
  }
  forget_pending(false);
}

void World::cut_power(base::Rng& rng, const std::vector<Write>& flight) {
  const auto half_done = [&](const Write& write) {
    if (write.done || !slots[write.slot].exists || rng.below(2) == 0) return;
    Block block = write.block;
    if (rng.below(5) == 0) block = Block{.kind = Block::Kind::broken};  // torn
    slots[write.slot].put(write.at, block, true);
  };
  std::ranges::for_each(late, half_done);
  std::ranges::for_each(flight, half_done);
  late.clear();
  for (Slot& slot : slots) {
    for (Number at = 0; at < kBlocksMax; ++at) {
      if (slot.seen[at] == slot.safe[at]) continue;
      const Number fate = rng.below(100);  // of bytes that nobody synced
      if (fate < 40) slot.safe[at] = slot.seen[at];
      if (fate >= 90) slot.safe[at] = Block{.kind = Block::Kind::broken};
      slot.seen[at] = slot.safe[at];
    }
  }
  const Number kept = rng.below(2) == 0 ? 0 : rng.below(db.unsynced.size() + 1);
  if (kept > 0) db.safe = db.unsynced[kept - 1];
  db.now = db.safe;
  db.unsynced.clear();
  forget_pending(true);
}

void World::forget_pending(bool power_cut) {
  for (Event& event : truth.events) {
    if (event.fate == Fate::pending) event.fate = Fate::unknown;
    if (event.fate == Fate::weak && power_cut) event.fate = Fate::unknown;
  }
}

std::string describe(const Block& block) {
  if (block.kind == Block::Kind::zeros) return "-";
  if (block.kind == Block::Kind::broken) return "broken";
  const std::string what = block.event == 0 ? "begin" : fmt::format("event {}", block.event);
  return fmt::format("commit {} ({}, epoch {} from {}, segment {}, mark {})", block.commit, what,
                     block.epoch, block.first, block.segment, block.mark);
}

namespace {

Block block_of(Number commit) {
  return Block{.kind = Block::Kind::valid, .segment = 1, .commit = commit, .event = commit};
}

TEST(JournalWorld, APowerCutTakesUnsyncedBlocksAndNeverSyncedOnes) {
  Number lost = 0;
  for (Number seed = 0; seed < 200; ++seed) {
    base::FastRng rng(seed);
    World world;
    world.slots.resize(1);
    world.slots[0].put(0, block_of(1), true);
    world.slots[0].put(1, block_of(2), false);
    world.cut_power(rng, {});
    EXPECT_EQ(world.slots[0].seen[0], block_of(1));
    lost += world.slots[0].seen[1] == block_of(2) ? 0 : 1;
  }
  EXPECT_GT(lost, 50u);
  EXPECT_LT(lost, 180u);
}

TEST(JournalWorld, APowerCutLeavesAPrefixOfTheUnsyncedTransactions) {
  std::array<int, 3> seen{};
  for (Number seed = 0; seed < 200; ++seed) {
    base::FastRng rng(seed);
    World world;
    world.db.unsynced.resize(2);
    world.db.unsynced[0].epoch = 1;
    world.db.unsynced[1].epoch = 2;
    world.db.now.epoch = 2;
    world.cut_power(rng, {});
    ASSERT_LT(world.db.now.epoch, 3u);
    ++seen[world.db.now.epoch];
  }
  for (const int times : seen) EXPECT_GT(times, 20);
}

TEST(JournalWorld, AWriteInFlightOfAKilledProcessMayLandLater) {
  bool landed_later = false;
  for (Number seed = 0; seed < 50; ++seed) {
    base::FastRng rng(seed);
    World world;
    world.slots.resize(1);
    world.kill(rng, {Write{.block = block_of(1)}});
    const bool before = world.slots[0].seen[0] == block_of(1);
    world.land_late(rng, 100);
    landed_later |= !before && world.slots[0].seen[0] == block_of(1);
    EXPECT_TRUE(world.late.empty());
  }
  EXPECT_TRUE(landed_later);
}

}  // namespace
}  // namespace hyd::log::model
