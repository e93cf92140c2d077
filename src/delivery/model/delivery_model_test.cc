// The rules of the delivery journal, one by one: with all of them every history holds, without any
// one of them some history breaks a law.
//
// HYDRANT_MODEL_HISTORIES / 10 is the number of histories for each claim (200 if not set): one
// takes as long as dozens of the journal's model. Seeds are 0, 1, 2, ..., so what is seen once is
// seen in every run.
#include "delivery/model/delivery_model.h"

#include "base/parse_int.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace hyd::delivery::model {

using base::Code;
using base::fail;
using base::Result;

namespace {

// The stream at work: crashes, stalled owners, and a new engine after each.
Result<void> live(World& world, std::optional<Engine>& engine, Totals& totals) {
  std::vector<Engine> stalled;
  const auto run = [&]() -> Result<void> {
    if (!engine) {
      engine.emplace(world);
      RETURN_IF_ERROR(engine->open());
    }
    RETURN_IF_ERROR(engine->step());
    if (world.chance(3)) {
      stalled.push_back(*std::move(engine));
      engine.reset();
      return {};
    }
    if (stalled.empty() || !world.chance(50)) return {};
    const Result<void> woken = stalled.back().step();
    if (woken) return {};
    // It is fenced, or meets a log that was trimmed since: it writes nothing.
    if (woken.error().code != Code::cancelled && woken.error().code != Code::not_found) {
      return woken;
    }
    stalled.pop_back();
    return {};
  };
  for (int i = 0; i < 1500; ++i) {
    if (world.chance(500)) world.produce();
    const Result<void> result = run();
    if (result) continue;
    if (result.error().code != Code::cancelled) return result;
    world.say("CRASH");
    engine.reset();
    ++totals.crashes;
  }
  return {};
}

Result<void> check(const World& world, const Engine& engine, Totals& totals) {
  std::array<std::vector<Number>, kLanes> times;
  for (auto& lane : times) lane.resize(world.where.size());
  for (const auto& [key, object] : world.store) {
    for (const Number record : object.records) {
      ++times[object.lane][record - 1];
      Member at = world.where[record - 1];
      at.source += object.lane * kShards;
      if (engine.version(at) != object.version) {
        return fail(Code::conflict, "a record under another version than the barriers say");
      }
    }
  }
  for (Number lane = 0; lane < (world.backup ? kLanes : 1); ++lane) {
    for (Number i = 0; i < world.where.size(); ++i) {
      Member at = world.where[i];
      at.source += lane * kShards;
      const bool due = world.partition(at, engine.version(at), engine.evaluator()) != kNothing;
      if (times[lane][i] != (due ? 1 : 0)) {
        return fail(Code::conflict, fmt::format("record {} is in {} objects of lane {}", i + 1,
                                                times[lane][i], lane));
      }
      totals.records += times[lane][i];
    }
  }
  if (engine.stuck()) return fail(Code::conflict, "stuck: a low-water mark is not at the end");
  totals.objects += world.store.size();
  totals.retargets += world.retargets;
  totals.failures += world.failures;
  return {};
}

Number histories() {
  const char* const text = std::getenv("HYDRANT_MODEL_HISTORIES");
  return (text == nullptr ? 2000 : base::parse_int<Number>(text).value_or(2000)) / 10;
}

// The last steps of a history: what broke a law is rarely far from where it shows.
std::string story(Number seed, const Rules& rules, const Faults& faults) {
  constexpr std::size_t kShown = 20000;
  std::string trace;
  const Result<Totals> result = play(seed, rules, faults, &trace);
  if (trace.size() > kShown) trace.erase(0, trace.find('\n', trace.size() - kShown) + 1);
  return fmt::format("seed {}\n{}=> {}", seed, trace, result ? "held" : result.error().what);
}

struct Outcome {
  Number broken = 0;
  Number first = 0;
  std::string how;
};

// Plays until the first broken law.
Outcome search(const Rules& rules, const Faults& faults) {
  for (Number seed = 0; seed < histories(); ++seed) {
    const Result<Totals> result = play(seed, rules, faults);
    if (!result) return {.broken = 1, .first = seed, .how = result.error().what};
  }
  return {};
}

void expect_needed(bool Rules::* rule, Rules rules = Rules{}, const Faults& faults = Faults{}) {
  rules.*rule = false;
  const Outcome outcome = search(rules, faults);
  ASSERT_EQ(outcome.broken, 1u) << "no history needs this rule";
  fmt::print("  seed {}: {}\n", outcome.first, outcome.how);
}

void expect_held(const Rules& rules, const Faults& faults) {
  const Outcome outcome = search(rules, faults);
  ASSERT_EQ(outcome.broken, 0u) << story(outcome.first, rules, faults);
}

// Without member places and with one evaluator for ever: sound, and skipping by `assigned` alone.
Rules by_ranges() {
  Rules rules;
  rules.members = false;
  return rules;
}
constexpr Faults kOneEvaluator{.new_evaluator = false};

}  // namespace

Result<Totals> play(Number seed, const Rules& rules, const Faults& faults, std::string* trace) {
  World world(seed, rules, faults, trace);
  std::optional<Engine> engine;
  Totals totals;
  RETURN_IF_ERROR(live(world, engine, totals));
  world.crashes = false;
  if (!engine) {
    engine.emplace(world);
    RETURN_IF_ERROR(engine->open());
  }
  for (int i = 0; i < 100; ++i) {
    for (int j = 0; j < 400; ++j) RETURN_IF_ERROR(engine->step());
    RETURN_IF_ERROR(engine->drain());
    if (engine->drained()) break;
  }
  RETURN_IF_ERROR(world.land(1000));
  RETURN_IF_ERROR(check(world, *engine, totals));
  return totals;
}

namespace {

TEST(DeliveryModel, WithAllRulesEveryHistoryHolds) {
  Totals sum;
  for (Number seed = 0; seed < histories(); ++seed) {
    const Result<Totals> result = play(seed, Rules{}, Faults{});
    ASSERT_TRUE(result) << story(seed, Rules{}, Faults{});
    sum.crashes += result->crashes;
    sum.objects += result->objects;
    sum.records += result->records;
    sum.retargets += result->retargets;
    sum.failures += result->failures;
  }
  EXPECT_GT(sum.crashes, histories());
  EXPECT_GT(sum.retargets, 0u);
  EXPECT_GT(sum.failures, 0u);
  fmt::print("{} histories, {} crashes, {} objects, {} records, {} retargets, {} failures\n",
             histories(), sum.crashes, sum.objects, sum.records, sum.retargets, sum.failures);
}

TEST(DeliveryModel, WithOneEvaluatorRangesAreEnough) { expect_held(by_ranges(), kOneEvaluator); }

TEST(DeliveryModel, AHeadBeforeARepeatOnlySavesTheRepeat) {
  Rules rules;
  rules.head_first = false;
  expect_held(rules, Faults{});
}

TEST(DeliveryModel, WithAPutBeforeItsIntentACrashRepeatsRecords) {
  expect_needed(&Rules::intent_first);
}

TEST(DeliveryModel, WithoutFencingAStalledOwnerWritesIntoTheNewOnesJournal) {
  expect_needed(&Rules::fencing);
}

TEST(DeliveryModel, WithAssignedForAllVersionsAReaderSkipsWhatWasNeverDelivered) {
  expect_needed(&Rules::assigned_by_version, by_ranges(), kOneEvaluator);
}

TEST(DeliveryModel, WithAssignedThatFallsABarrierCutsAnIntent) {
  expect_needed(&Rules::running_max);
}

TEST(DeliveryModel, WithAssignedThatFallsAReaderRepeatsWhatItHasGivenAway) {
  expect_needed(&Rules::running_max, by_ranges(), kOneEvaluator);
}

TEST(DeliveryModel, WithTheCursorAsBarrierBufferedRecordsChangeTheirVersion) {
  expect_needed(&Rules::barrier_place);
}

TEST(DeliveryModel, WithBuffersKeptOverABarrierRecordsAreRepeated) {
  expect_needed(&Rules::drop_buffered);
}

TEST(DeliveryModel, WithCoverageKeptOverABarrierWhatNowYieldsIsLost) {
  expect_needed(&Rules::forget_nothing);
}

TEST(DeliveryModel, WithACursorThatStaysBehindABarrierRecordsAreLost) {
  expect_needed(&Rules::cursor_back);
}

TEST(DeliveryModel, WithAssignedPrunedBeforeTheCursorMovesRecordsAreRepeated) {
  expect_needed(&Rules::cursor_first);
}

TEST(DeliveryModel, WithRangesAndANewEvaluatorAnObjectChangesItsRecords) {
  expect_needed(&Rules::members);
}

TEST(DeliveryModel, WithRepeatsThatHaveNoRowAnUnknownOutcomeLooksSure) {
  expect_needed(&Rules::attempt_rows);
}

TEST(DeliveryModel, WithARetargetOfUnknownOutcomeRecordsAreInTwoObjects) {
  expect_needed(&Rules::retarget_sure);
}

TEST(DeliveryModel, WithTwoFramesForAFailedBatchItIsOwedToNobodyBetweenThem) {
  expect_needed(&Rules::failed_in_one_frame);
}

TEST(DeliveryModel, WithCoverageBeforeTheErrorPrefixHasItTheLogIsTrimmedUnderIt) {
  expect_needed(&Rules::error_holds);
}

TEST(DeliveryModel, WithTheMainLaneAloneDecidingTheLogIsTrimmedUnderTheBackup) {
  expect_needed(&Rules::trim_below_all_lanes);
}
}  // namespace
}  // namespace hyd::delivery::model
