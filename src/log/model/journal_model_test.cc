// The rules of the journal, one by one: with all of them every history holds, without any one of
// them some history breaks a law. docs/decisions/journal-model.md tells what each switch is.
//
// HYDRANT_MODEL_HISTORIES is the number of histories for each claim (2,000 if not set). Seeds are
// 0, 1, 2, ..., so what is seen once is seen in every run.
#include "log/model/journal_model.h"

#include "base/parse_int.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace hyd::log::model {
namespace {

Number histories() {
  const char* const text = std::getenv("HYDRANT_MODEL_HISTORIES");
  return text == nullptr ? 2000 : base::parse_int<Number>(text).value_or(2000);
}

std::string story(Number seed, const Rules& rules) {
  std::string trace;
  const base::Result<void> result = History(seed, rules, &trace).play();
  return fmt::format("seed {}\n{}=> {}", seed, trace, result ? "held" : result.error().what);
}

// The first history that breaks a law without the rule, as long as there is one.
void expect_needed(bool Rules::* rule, Focus focus = Focus::none) {
  Rules rules;
  rules.*rule = false;
  for (Number seed = 0; seed < histories(); ++seed) {
    const base::Result<void> result = History(seed, rules, nullptr, focus).play();
    if (result) continue;
    ASSERT_EQ(result.error().code, base::Code::conflict) << result.error().what;
    fmt::print("  seed {}: {}\n", seed, result.error().what);
    return;
  }
  FAIL() << "no history needs this rule";
}

TEST(JournalModel, WithAllRulesEveryHistoryHolds) {
  Number refused = 0;
  Number starts = 0;
  Number events = 0;
  for (Number seed = 0; seed < histories(); ++seed) {
    History history(seed, Rules{}, nullptr);
    const base::Result<void> result = history.play();
    ASSERT_TRUE(result) << story(seed, Rules{});
    refused += history.refused() ? 1 : 0;
    starts += history.starts();
    events += history.events();
  }
  EXPECT_GT(refused, 0u) << "damage is never refused: the faults do not reach";
  EXPECT_GT(events, starts);
  fmt::print("{} histories, {} starts, {} events, {} refused as damaged\n", histories(), starts,
             events, refused);
}

TEST(JournalModel, WithoutWaitingForTheDeadTheirWritesLandOnNewOnes) {
  expect_needed(&Rules::wait_for_the_dead);
}

TEST(JournalModel, WithoutSegmentsOfItsOwnAnEpochIsOverwrittenByAFailedWrite) {
  expect_needed(&Rules::own_segments);
}

TEST(JournalModel, WithASlotAtEveryStartAStormOfStartsFillsTheDisk) {
  expect_needed(&Rules::slot_with_first_commit);
}

TEST(JournalModel, WithoutBurialByEpochDeadCommitsCompeteWithLiveOnes) {
  expect_needed(&Rules::bury_by_epoch);
}

TEST(JournalModel, WithoutEpochRowsADeadCommitOutlivesTheSegmentThatBuriedIt) {
  expect_needed(&Rules::keep_epoch_rows, Focus::churn);
}

TEST(JournalModel, WithoutCutTailsAStormOfStartsFillsTheDisk) { expect_needed(&Rules::cut_tails); }

TEST(JournalModel, WithoutSlotRowsAVanishedFileIsNotMissed) { expect_needed(&Rules::slot_rows); }

TEST(JournalModel, WithSegmentNumbersFromAnOldCatalogARecycledSlotShowsItsFormerLife) {
  expect_needed(&Rules::segments_above_log, Focus::restored_catalog);
}

TEST(JournalModel, WithEpochNumbersFromAnOldCatalogNewCommitsAreDead) {
  expect_needed(&Rules::epochs_above_log, Focus::restored_catalog);
}

TEST(JournalModel, WithoutTheDurableMarkAnUnreadableCommitEndsTheLog) {
  expect_needed(&Rules::durable_mark);
}

TEST(JournalModel, WithoutTheCatalogsMarksAnUnreadableLastCommitEndsTheLog) {
  expect_needed(&Rules::mark_in_catalog);
}

TEST(JournalModel, WithAMarkThatIsAnsweredAndNotSyncedAnHonestLogLooksDamaged) {
  expect_needed(&Rules::mark_is_synced);
}

TEST(JournalModel, WithOldSlotsCountedAsDamageAnHonestLogLooksDamaged) {
  expect_needed(&Rules::old_slot_is_no_damage);
}

TEST(JournalModel, WithoutSyncingWhatWasRecoveredAPowerCutTakesWhatWasServed) {
  expect_needed(&Rules::sync_before_serving);
}

TEST(JournalModel, WithoutADurableStartOfTheCatalogAPowerCutTakesWhatWasActedOn) {
  expect_needed(&Rules::catalog_durable_first);
}

TEST(JournalModel, WithACatalogThatNamesUnsyncedCommitsAPowerCutBreaksItsWord) {
  expect_needed(&Rules::catalog_names_synced);
}

TEST(JournalModel, WithPlacesFromTheClockAloneAPlaceIsGivenOutTwice) {
  expect_needed(&Rules::places_above_found);
}

TEST(JournalModel, WithPlacesFromTheLogAloneARestoredDirectoryGivesAPlaceOutTwice) {
  expect_needed(&Rules::places_above_clock);
}

TEST(JournalModel, WithoutBurialAFailedCommitAppears) { expect_needed(&Rules::bury_failed); }

TEST(JournalModel, WithTheFailureReportedBeforeItsBurialAFailedCommitAppears) {
  expect_needed(&Rules::bury_before_answer);
}

TEST(JournalModel, WithoutComparingAReaderTakesTheFormerLifeOfABlock) {
  expect_needed(&Rules::frames_prove);
}

TEST(JournalModel, WithoutHoldsASlotIsRecycledUnderItsReader) {
  expect_needed(&Rules::readers_hold);
}

TEST(JournalModel, WithoutHoldsWhatADeliveryOwesIsLetGo) { expect_needed(&Rules::intents_hold); }

TEST(JournalModel, WithSlotsRecycledBeforeTheirRowIsDurableAPowerCutLosesThem) {
  expect_needed(&Rules::free_durably);
}

}  // namespace
}  // namespace hyd::log::model
