// What a start finds in slots that somebody or something has damaged. Method: a journal made by
// hand on a simulated disk, with one thing wrong.
#include "log/recover.h"

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

Recovered recovered(JournalImage& image) {
  auto found = recover(image.disk, image.rows);
  EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().what);
  return found ? *std::move(found) : Recovered{};
}

TEST(Recover, AWholeJournalHasNoDamageAndGoesOnBehindItsLastCommit) {
  JournalImage image;
  three_commits(image);
  const Recovered found = recovered(image);
  EXPECT_TRUE(found.damage.empty());
  EXPECT_EQ(found.next_commit, 4u);
  ASSERT_EQ(found.segments.size(), 1u);
  EXPECT_EQ(found.segments[0].last_place, 6u);
}

TEST(Recover, AnUnfinishedLastCommitThatNobodyNamesIsTheEnd) {
  JournalImage image;
  three_commits(image);
  image.disk.flip_byte(slot_path(1), 2 * sys::kBlockBytes + 130);
  const Recovered found = recovered(image);
  EXPECT_TRUE(found.damage.empty());
  EXPECT_EQ(found.next_commit, 3u);
}

TEST(Recover, APlaceNamedByTheCatalogBehindTheLastCommitIsDamageAndNotTheEnd) {
  JournalImage image;
  three_commits(image);
  image.disk.flip_byte(slot_path(1), 2 * sys::kBlockBytes + 130);
  image.rows.place_max = 6;
  const Recovered found = recovered(image);
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
  EXPECT_EQ(recovered(image).next_commit, 2u);

  image.rows.place_max = 5;
  const Recovered found = recovered(image);
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
    EXPECT_TRUE(recovered(image).damage.empty()) << place;
  }
  const std::uint64_t later = std::uint64_t{9} << 32;
  image.rows.epochs.push_back({.epoch = 2, .first_commit = 4, .first_place = later});
  image.rows.place_max = later;  // the end of the log, before its first record
  EXPECT_TRUE(recovered(image).damage.empty());
  EXPECT_EQ(recovered(image).next_commit, 4u);
}

TEST(Recover, ANamedPlaceInCommitsThatWereLetGoIsNoDamage) {
  JournalImage image;
  image.write();
  image.rows.freed.push_back({.first_commit = 1, .last_commit = 9});
  image.rows.place_max = 30;
  const Recovered found = recovered(image);
  EXPECT_TRUE(found.damage.empty());
  EXPECT_EQ(found.next_commit, 10u);
}

}  // namespace
}  // namespace hyd::log
