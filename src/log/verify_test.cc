// What a look at every byte says of a journal with one thing wrong, and that it says nothing of the
// journals that kills and power cuts leave behind.
#include "log/verify.h"

#include "log/slot_read.h"
#include "log/testing/faulty_dir.h"
#include "log/testing/journal_image.h"
#include "log/testing/log_life.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::log {
namespace {

// A sealed segment of four commits, each of two records in one block, and an open one of two.
void two_segments(JournalImage& image) {
  for (std::uint64_t i = 1; i <= 4; ++i) {
    image.add({.commit = i, .first_place = 2 * i - 1, .records = 2, .durable = i - 1});
  }
  image.seal(1);
  image.add({.slot = 2, .commit = 5, .first_place = 9, .records = 2, .durable = 4});
  image.add({.slot = 2, .commit = 6, .first_place = 11, .records = 2, .durable = 5});
  image.write();
}

Verified verified(sys::Dir& dir) {
  auto found = verify(dir);
  EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().what);
  return found ? *std::move(found) : Verified{};
}

// The one damaged range.
VerifiedDamage only_damage(const Verified& found) {
  EXPECT_EQ(found.damaged(), 1u);
  for (const VerifiedSegment& segment : found.segments) {
    if (!segment.damage.empty()) return segment.damage.front();
  }
  return found.damage.empty() ? VerifiedDamage{} : found.damage.front();
}

void expect_at(const VerifiedDamage& damage, const std::string& file, ByteRange bytes,
               ByteRange places) {
  EXPECT_EQ(damage.file, file);
  EXPECT_EQ((ByteRange{damage.offset_from, damage.offset_to}), bytes) << damage.what;
  EXPECT_EQ((ByteRange{damage.place_from, damage.place_to}), places) << damage.what;
}

constexpr std::uint64_t kBlock = sys::kBlockBytes;

TEST(Verify, ProgressIsToldInBytesOfAllFilesAndReachesTheirEnd) {
  JournalImage image;
  two_segments(image);
  const std::uint64_t total =
      image.disk.read_all(slot_path(1)).size() + image.disk.read_all(slot_path(2)).size();
  std::vector<std::uint64_t> told;
  ASSERT_TRUE(verify(image.disk, [&](const VerifyProgress& now) {
    EXPECT_EQ(now.bytes_total, total);
    told.push_back(now.bytes_done);
  }));
  EXPECT_EQ(told, (std::vector<std::uint64_t>{0, image.disk.read_all(slot_path(1)).size(), total}));
}

TEST(Verify, AWholeJournalHasNothingWrong) {
  JournalImage image;
  two_segments(image);
  const Verified found = verified(image.disk);
  EXPECT_EQ(found.damaged(), 0u) << only_damage(found).what;
  EXPECT_TRUE(found.gaps.empty());
  EXPECT_TRUE(found.notes.empty());
  ASSERT_EQ(found.segments.size(), 2u);
  EXPECT_TRUE(found.segments[0].sealed);
  EXPECT_FALSE(found.segments[1].sealed);
  EXPECT_EQ(found.segments[1].last_place, 12u);
  EXPECT_EQ(found.commits(), 6u);
  EXPECT_EQ(found.records(), 12u);
  EXPECT_EQ(found.durable_commit, 5u);
}

TEST(Verify, ADirectoryWithoutAJournalHasNoSegments) {
  sys::SimDisk disk;
  const Verified found = verified(disk);
  EXPECT_EQ(found.damaged(), 0u);
  EXPECT_TRUE(found.segments.empty());
}

// In the header's magic, in its numbers, in a frame: whatever the bit, the commit's bytes are named
// and the commits behind it are counted.
TEST(Verify, AFlippedBitInASealedSegmentIsNamedByFileOffsetAndPlaces) {
  for (const std::uint64_t at : {0u, 20u, 60u, 130u, 170u, 200u}) {
    SCOPED_TRACE(at);
    JournalImage image;
    two_segments(image);
    image.disk.flip_byte(slot_path(1), 2 * kBlock + at);
    const Verified found = verified(image.disk);
    expect_at(only_damage(found), "journal/00000001.seg", {2 * kBlock, 3 * kBlock}, {5, 7});
    EXPECT_EQ(found.commits(), 5u);
  }
}

TEST(Verify, TheLastAndTheFirstCommitOfASealedSegmentAreFoundDamagedToo) {
  JournalImage last;
  two_segments(last);
  last.disk.flip_byte(slot_path(1), 3 * kBlock + 130);
  expect_at(only_damage(verified(last.disk)), "journal/00000001.seg", {3 * kBlock, 4 * kBlock},
            {7, 9});
  JournalImage first;
  two_segments(first);
  first.disk.flip_byte(slot_path(1), 130);
  expect_at(only_damage(verified(first.disk)), "journal/00000001.seg", {0, kBlock}, {1, 3});
}

TEST(Verify, ADamagedFooterIsNamedAndTheCommitsBeforeItCount) {
  JournalImage image;
  two_segments(image);
  image.disk.flip_byte(slot_path(1), JournalImage::kSlotBytes - kBlock + 40);
  const Verified found = verified(image.disk);
  expect_at(only_damage(found), "journal/00000001.seg",
            {JournalImage::kSlotBytes - kBlock, JournalImage::kSlotBytes}, {0, 0});
  EXPECT_EQ(found.commits(), 6u);
}

TEST(Verify, ABrokenCommitAtTheVeryEndIsUnfinishedAndOneThatIsProvedDurableIsDamaged) {
  JournalImage end;
  two_segments(end);
  end.disk.flip_byte(slot_path(2), kBlock + 130);
  const Verified unfinished = verified(end.disk);
  EXPECT_EQ(unfinished.damaged(), 0u);
  ASSERT_EQ(unfinished.notes.size(), 1u);
  EXPECT_EQ(unfinished.notes[0],
            "journal/00000002.seg: commit 6 at byte 4096 is not whole; nothing says that it ever "
            "was");
  JournalImage proved;
  two_segments(proved);
  proved.disk.flip_byte(slot_path(2), 130);
  expect_at(only_damage(verified(proved.disk)), "journal/00000002.seg", {0, kBlock}, {9, 11});
}

TEST(Verify, WhatTheDeviceDoesNotReadIsNamedAndTheRestIsLookedAt) {
  JournalImage image;
  two_segments(image);
  FaultyDir dir(image.disk);
  dir.unreadable(slot_path(1), kBlock + 512, kBlock + 1024);
  const Verified found = verified(dir);
  const VerifiedDamage damage = only_damage(found);
  expect_at(damage, "journal/00000001.seg", {kBlock, 2 * kBlock}, {3, 5});
  EXPECT_EQ(damage.what,
            "commit 2 is not what was written; the device does not read bytes 4096 to 8192");
  EXPECT_EQ(found.commits(), 5u);
}

TEST(Verify, AMissingFileIsDamageAndCommitsThatMayHaveBeenLetGoAreAGap) {
  JournalImage image;
  two_segments(image);
  image.add({.slot = 3, .commit = 7, .first_place = 13, .durable = 6});
  image.write();
  ASSERT_TRUE(image.disk.remove(slot_path(2)));
  const Verified found = verified(image.disk);
  ASSERT_EQ(found.gaps.size(), 1u);
  EXPECT_EQ(found.gaps[0].first_commit, 5u);
  EXPECT_EQ(found.gaps[0].last_commit, 6u);
  expect_at(only_damage(found), "journal/00000002.seg", {0, 0}, {9, 13});

  // The slot was used again: its former commits were let go.
  JournalImage reused;
  two_segments(reused);
  reused.add({.slot = 3, .commit = 7, .first_place = 13, .durable = 6});
  reused.write();
  JournalImage later;
  later.add({.slot = 2, .commit = 8, .first_place = 14, .durable = 7, .segment = 4});
  later.write();
  const std::string bytes = later.disk.read_all(slot_path(2));
  auto file = reused.disk.open(slot_path(2), sys::Open::read_write, sys::Caching::direct);
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->write_at(0, std::string_view(bytes).substr(0, kBlock)));
  const Verified let_go = verified(reused.disk);
  EXPECT_EQ(let_go.damaged(), 0u) << only_damage(let_go).what;
  ASSERT_EQ(let_go.gaps.size(), 1u);
  EXPECT_EQ(let_go.gaps[0].last_commit, 6u);
  EXPECT_EQ(let_go.segments.back().segment, 4u);
}

// Its new life's first commit was torn before the sector with the header.
TEST(Verify, ASlotThatWasMadeReadyAgainHoldsNothingThatCounts) {
  JournalImage image;
  two_segments(image);
  auto file = image.disk.open(slot_path(1), sys::Open::read_write, sys::Caching::direct);
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->write_at(0, std::string(512, '\0') + std::string(3584, 'n')));
  const Verified found = verified(image.disk);
  EXPECT_EQ(found.damaged(), 0u) << only_damage(found).what;
  EXPECT_EQ(found.free_slots, 1u);
  EXPECT_EQ(found.commits(), 2u);
}

TEST(Verify, CommitsOfAnOlderEpochThatABurialPassedOverAreDead) {
  JournalImage image;
  two_segments(image);
  image.add({.slot = 3,
             .commit = 6,
             .first_place = 100,
             .durable = 5,
             .epoch = 2,
             .epoch_first_commit = 6});
  image.write();
  const Verified found = verified(image.disk);
  EXPECT_EQ(found.damaged(), 0u);
  ASSERT_EQ(found.segments.size(), 3u);
  EXPECT_EQ(found.segments[1].dead, 1u);
  EXPECT_EQ(found.segments[1].last_commit, 5u);
}

TEST(Verify, FramesThatContradictTheirCommitOrTheirNeighboursAreDamage) {
  JournalImage image;
  two_segments(image);
  image.add({.slot = 2, .commit = 7, .first_place = 20, .durable = 6});
  image.write();
  const VerifiedDamage damage = only_damage(verified(image.disk));
  expect_at(damage, "journal/00000002.seg", {2 * kBlock, 3 * kBlock}, {20, 21});
  EXPECT_EQ(damage.what, "commit 7 begins at place 20, not 13");
}

// No false alarm: whatever kills, power cuts, late writes and failed writes left behind.
TEST(Verify, WhatEndedLivesLeaveBehindIsNotCalledDamaged) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    base::FastRng rng(seed);
    std::string disk;
    for (int n = 0; n < 3; ++n) {
      const sys::SimLife life{.seed = seed * 10 + static_cast<std::uint64_t>(n),
                              .kill_at_step = 150 + rng.below(1500),
                              .fail_journal_write = rng.below(3) == 0 ? 1 + rng.below(9) : 0};
      const sys::SimEnd end = sys::run_process(disk, life, [&](sys::SimProcess& process) {
        LogLife log(process, {.segment_bytes = 32u << 10, .retention_ms = 20});
        log.journal().start_letting_go();
        for (int i = 0; i < 40; ++i) {
          if (i == 25) {  // some segments are let go and their slots used again
            process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(15));
          }
          static_cast<void>(log.append(0, {{1, std::string(rng.below(9000), 'v')}, {2, "w"}}));
        }
        log.stop();
      });
      ASSERT_NE(end.how, sys::SimEnd::How::crashed) << end.why;
      auto after = sys::SimDisk::load(end.disk, seed + static_cast<std::uint64_t>(n));
      if (rng.below(2) == 0) {
        after->lose_power();
      } else {
        after->kill();
        after->land_late(50);
      }
      const Verified found = verified(*after);
      EXPECT_EQ(found.damaged(), 0u)
          << "seed " << seed << ", life " << n << ": " << only_damage(found).file << " at "
          << only_damage(found).offset_from << ": " << only_damage(found).what;
      disk = after->save();
    }
  }
}

}  // namespace
}  // namespace hyd::log
