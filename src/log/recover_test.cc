// What a start finds in slots that somebody or something has damaged. Method: a journal made by
// hand on a simulated disk, with one thing wrong.
#include "log/recover.h"

#include "log/testing/faulty_dir.h"
#include "log/testing/journal_image.h"

#include <gtest/gtest.h>

namespace hyd::log {
namespace {

// Three commits of two records each; only the catalog can know that the third was durable.
void three_commits(JournalImage& image) {
  image.add({.commit = 1, .first_place = 1, .records = 2});
  image.add({.commit = 2, .first_place = 3, .records = 2, .durable = 1});
  image.add({.commit = 3, .first_place = 5, .records = 2, .durable = 2});
  image.write();
}

Recovered recovered(sys::Dir& dir, const LogRows& rows) {
  auto found = recover(dir, rows);
  EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().what);
  return found ? *std::move(found) : Recovered{};
}

TEST(Recover, AWholeJournalHasNoDamageAndGoesOnBehindItsLastCommit) {
  JournalImage image;
  three_commits(image);
  const Recovered found = recovered(image.disk, image.rows);
  EXPECT_TRUE(found.damage.empty());
  EXPECT_EQ(found.next_commit, 4u);
  ASSERT_EQ(found.segments.size(), 1u);
  EXPECT_EQ(found.segments[0].last_place, 6u);
}

TEST(Recover, AnUnfinishedLastCommitThatNobodyNamesIsTheEnd) {
  JournalImage image;
  three_commits(image);
  image.disk.flip_byte(slot_path(1), 2 * sys::kBlockBytes + 130);
  const Recovered found = recovered(image.disk, image.rows);
  EXPECT_TRUE(found.damage.empty());
  EXPECT_EQ(found.next_commit, 3u);
}

TEST(Recover, APlaceNamedByTheCatalogBehindTheLastCommitIsDamageAndNotTheEnd) {
  JournalImage image;
  three_commits(image);
  image.disk.flip_byte(slot_path(1), 2 * sys::kBlockBytes + 130);
  image.rows.place_max = 6;
  const Recovered found = recovered(image.disk, image.rows);
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].first_commit, 3u);
  EXPECT_EQ(found.damage[0].last_commit, 3u);
  EXPECT_EQ(found.damage[0].place_from, 5u);
  EXPECT_EQ(found.damage[0].place_to, 7u);
  EXPECT_EQ(found.next_commit, 4u);
}

// The second was lost, the third landed and was never counted by anyone but the catalog.
TEST(Recover, ACommitThatHoldsANamedPlaceMakesAllBeforeItDurable) {
  JournalImage image;
  image.add({.commit = 1, .first_place = 1, .records = 2});
  image.add({.commit = 2, .first_place = 3, .records = 2});
  image.add({.commit = 3, .first_place = 5, .records = 2});
  image.write();
  image.disk.flip_byte(slot_path(1), 1 * sys::kBlockBytes + 130);
  EXPECT_EQ(recovered(image.disk, image.rows).next_commit, 2u);

  image.rows.place_max = 5;
  const Recovered found = recovered(image.disk, image.rows);
  EXPECT_EQ(found.next_commit, 4u);
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].place_from, 3u);
  EXPECT_EQ(found.damage[0].place_to, 5u);
}

TEST(Recover, ANamedPlaceThatTheLogHasOrThatAnOlderStartCountedIsNoDamage) {
  JournalImage image;
  three_commits(image);
  for (const std::uint64_t place : {std::uint64_t{6}, std::uint64_t{7}}) {
    image.rows.place_max = place;  // the last record, or the end behind it
    EXPECT_TRUE(recovered(image.disk, image.rows).damage.empty()) << place;
  }
  const std::uint64_t later = std::uint64_t{9} << 32;
  image.rows.epochs.push_back({.epoch = 2, .first_commit = 4, .first_place = later});
  image.rows.place_max = later;  // the end of the log, before its first record
  EXPECT_TRUE(recovered(image.disk, image.rows).damage.empty());
  EXPECT_EQ(recovered(image.disk, image.rows).next_commit, 4u);
}

TEST(Recover, ANamedPlaceInCommitsThatWereLetGoIsNoDamage) {
  JournalImage image;
  image.write();
  image.rows.freed.push_back({.first_commit = 1, .last_commit = 9});
  image.rows.place_max = 30;
  const Recovered found = recovered(image.disk, image.rows);
  EXPECT_TRUE(found.damage.empty());
  EXPECT_EQ(found.next_commit, 10u);
}

TEST(Recover, ADamagedCommitHidesNothingBehindItAndIsNamedByItsBytes) {
  for (const std::uint64_t at : {0u, 60u, 130u, 200u}) {
    SCOPED_TRACE(at);
    JournalImage image;
    three_commits(image);
    image.disk.flip_byte(slot_path(1), at);
    const Recovered found = recovered(image.disk, image.rows);
    EXPECT_EQ(found.next_commit, 4u);
    ASSERT_EQ(found.segments.size(), 1u);
    EXPECT_EQ(found.segments[0].first_commit, 2u);
    ASSERT_EQ(found.damage.size(), 1u);
    EXPECT_EQ(found.damage[0].place_from, 1u);
    EXPECT_EQ(found.damage[0].place_to, 3u);
  }
  JournalImage image;
  three_commits(image);
  image.add({.commit = 4, .first_place = 7, .durable = 3});
  image.write();
  image.disk.flip_byte(slot_path(1), sys::kBlockBytes + 2);
  const Recovered found = recovered(image.disk, image.rows);
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].where, "journal/00000001.seg, bytes 4096 to 8192");
}

TEST(Recover, AnUnreadableSectorIsDamageOfTheCommitsItIsInAndNoFailedStart) {
  JournalImage image;
  three_commits(image);
  FaultyDir dir(image.disk);
  dir.unreadable(slot_path(1), 512, 1024);
  const Recovered found = recovered(dir, image.rows);
  EXPECT_EQ(found.next_commit, 4u);
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].last_commit, 1u);
  EXPECT_EQ(found.damage[0].place_to, 3u);
}

// Nothing says of the last commit that it was durable, but it may have been.
TEST(Recover, WhereTheNextCommitCannotBeReadOneMayBeLost) {
  JournalImage image;
  three_commits(image);
  FaultyDir dir(image.disk);
  dir.unreadable(slot_path(1), 2 * sys::kBlockBytes, 2 * sys::kBlockBytes + 512);
  Recovered found = recovered(dir, image.rows);
  EXPECT_EQ(found.next_commit, 4u);
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].place_from, 5u);
  EXPECT_EQ(found.damage[0].where,
            "journal/00000001.seg, the device does not read bytes 8192 to 12288");

  // Behind that nothing was ever written.
  FaultyDir unused(image.disk);
  unused.unreadable(slot_path(1), 4 * sys::kBlockBytes, 5 * sys::kBlockBytes);
  EXPECT_TRUE(recovered(unused, image.rows).damage.empty());
}

TEST(Recover, AVanishedSlotIsADamagedRangeThatIsNamed) {
  JournalImage image;
  three_commits(image);
  image.add({.slot = 2, .commit = 4, .first_place = 7, .records = 3, .durable = 3});
  image.add({.slot = 3, .commit = 5, .first_place = 10, .durable = 4});
  image.write();
  ASSERT_TRUE(image.disk.remove(slot_path(2)));
  Recovered found = recovered(image.disk, image.rows);
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].first_commit, 4u);
  EXPECT_EQ(found.damage[0].last_commit, 4u);
  EXPECT_EQ(found.damage[0].place_from, 7u);
  EXPECT_EQ(found.damage[0].place_to, 10u);
  EXPECT_EQ(found.damage[0].where, "journal/00000002.seg is missing");
  EXPECT_EQ(found.next_commit, 6u);
  EXPECT_EQ(found.lost_slots, std::vector<std::uint32_t>{2});

  // The last one: nobody knows how many commits it held.
  ASSERT_TRUE(image.disk.remove(slot_path(3)));
  found = recovered(image.disk, image.rows);
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].first_commit, 4u);
  EXPECT_EQ(found.damage[0].where,
            "journal/00000002.seg is missing, journal/00000003.seg is missing");

  // A later start: the damage stays what it was, by the epoch behind it, and does not grow.
  image.rows.epochs.push_back(
      {.epoch = 2, .first_commit = found.next_commit, .first_place = std::uint64_t{1} << 32});
  for (SlotRow& row : image.rows.slots) {
    if (row.slot > 1) row.segment = 0;
  }
  const Recovered later = recovered(image.disk, image.rows);
  EXPECT_EQ(later.next_commit, found.next_commit);
  ASSERT_EQ(later.damage.size(), 1u);
  EXPECT_EQ(later.damage[0].last_commit, found.damage[0].last_commit);
}

}  // namespace
}  // namespace hyd::log
