// kill -9 at any step of `up`, a power cut behind it, and a next start: the
// stack and the services end as if nothing had happened, or as they were
// before.
//
// The process is simulated (sys/sim); the services outlive it, since every
// change that they made is told to the parent, and the next life starts with
// all of them.
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "catalog/catalog.h"
#include "stacks/stacks.h"
#include "stacks/tables.h"
#include "stacks/testing/example.h"
#include "stacks/testing/fake_services.h"
#include "sys/sim/sim_process.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {
namespace {

using testing::example_with;
using testing::FakeServices;
using testing::kExample;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

constexpr std::string_view kService = "service ";
constexpr std::string_view kThing = "thing ";
constexpr std::string_view kRecord = "record ";
constexpr std::string_view kSaid = "said ";

std::vector<std::string> lines_with(std::string_view ledger, std::string_view word) {
  std::vector<std::string> out;
  while (!ledger.empty()) {
    const std::size_t end = ledger.find('\n');
    const std::string_view line = ledger.substr(0, end);
    if (line.starts_with(word)) out.emplace_back(line.substr(word.size()));
    ledger.remove_prefix(end == std::string_view::npos ? ledger.size() : end + 1);
  }
  return out;
}

// What lives have in common: the disk, and the services outside.
struct World {
  std::string disk;
  std::vector<std::string> services;  // every change, in order
};

struct Life {
  std::string file{};  // brought up; empty: a start without one
  std::string fail_points{};
  std::uint64_t kill_at_step = 0;
  std::size_t fail_call = 0;
  std::uint64_t seed = 1;
};

struct Ended {
  sys::SimEnd::How how = sys::SimEnd::How::crashed;
  std::uint64_t steps = 0;
  // As told at the end; empty when it was killed.
  std::vector<std::string> things;
  std::vector<std::string> records;
  std::vector<std::string> said;
};

void live(sys::SimProcess& process, const World& world, const Life& life) {
  auto catalog =
      catalog::Catalog::open(process.runtime, process.disk, {.schemas = {stacks_schema()}});
  if (!catalog) return process.tell("said catalog: " + catalog.error().what);
  FakeServices services;
  for (const std::string& words : world.services) services.replay(words);
  services.note = [&](std::string_view words) {
    process.tell(std::string(kService) + std::string(words));
  };
  services.fail_call(life.fail_call);
  aws::testing::TestLoop loop;
  aws::RootOnly authorizer;
  const aws::Dispatcher dispatcher(authorizer);
  Stacks stacks({.runtime = process.runtime,
                 .catalog = **catalog,
                 .dispatcher = dispatcher,
                 .loop = loop,
                 .account = aws::testing::kTestAccount,
                 .region = "us-east-1"},
                &services);
  if (const auto resumed = stacks.resume(); !resumed) {
    process.tell("said resume: " + resumed.error().what);
  } else {
    for (const std::string& line : *resumed) process.tell("said " + line);
  }
  if (!life.file.empty()) {
    const auto up = stacks.up({.file = "clicks.yaml", .text = life.file, .stack = "clicks"});
    if (!up) process.tell("said up: " + up.error().what);
  }
  for (const auto& [key, text] : services.things()) {
    std::string line(kThing);
    line += key;
    line += ' ';
    process.tell(line + text);
  }
  if (const auto all = stacks.all()) {
    for (const Stack& stack : *all) {
      for (const Record& record : stack.resources) {
        std::string line(kRecord);
        line += record.logical_id;
        line += ' ';
        line += record.physical_id;
        line += ' ';
        process.tell(line + codec::to_text(record.properties));
      }
    }
  }
  catalog->reset();
}

Ended run(World& world, const Life& life, bool power_cut = false) {
  const sys::SimEnd end = sys::run_process(
      world.disk,
      {.seed = life.seed, .kill_at_step = life.kill_at_step, .fail_points = life.fail_points},
      [&](sys::SimProcess& process) { live(process, world, life); });
  EXPECT_TRUE(end.how == sys::SimEnd::How::returned || end.how == sys::SimEnd::How::killed ||
              !life.fail_points.empty())
      << end.why;
  for (std::string& words : lines_with(end.ledger, kService)) {
    world.services.push_back(std::move(words));
  }
  world.disk = end.disk;
  if (power_cut) {
    const auto cut = sys::SimDisk::load(world.disk, life.seed);
    cut->lose_power();
    world.disk = cut->save();
  }
  return {.how = end.how,
          .steps = end.steps,
          .things = lines_with(end.ledger, kThing),
          .records = lines_with(end.ledger, kRecord),
          .said = lines_with(end.ledger, kSaid)};
}

std::string changed_file() {
  std::string text = example_with("PathPart: events", "PathPart: clicks");
  text.replace(text.find("PolicyName: deliver"), 19, "PolicyName: write");
  return text;
}

constexpr std::string_view kPoints[] = {"stacks.recorded", "stacks.step.begun", "stacks.step.done",
                                        "stacks.finished"};

// Killed at each pass of each point while `file` is being brought up over
// `before`.
void expect_every_kill_is_survived(const World& before, const std::string& file) {
  World whole = before;
  const Ended wanted = run(whole, {.file = file});
  ASSERT_TRUE(wanted.said.empty()) << wanted.said.front();
  for (const std::string_view point : kPoints) {
    int kills = 0;
    for (int nth = 1;; ++nth) {
      const std::string spec = std::string(point) + ":" + std::to_string(nth) + ":kill";
      SCOPED_TRACE(spec);
      World world = before;
      const Ended killed = run(world, {.file = file, .fail_points = spec}, nth % 2 == 0);
      if (killed.how == sys::SimEnd::How::returned) break;
      ++kills;
      const Ended next = run(world, {.file = file, .seed = 1});
      ASSERT_EQ(next.records, wanted.records);
      ASSERT_EQ(next.things, wanted.things);
      const std::size_t changes = world.services.size();
      const Ended again = run(world, {.file = file});
      ASSERT_EQ(world.services.size(), changes) << "nothing was left to do";
      ASSERT_EQ(again.records, wanted.records);
    }
    EXPECT_GT(kills, 0) << point;
  }
}

TEST(StacksLives, AKillAtAnyPointOfTheFirstUpEndsAsIfThereHadBeenNone) {
  expect_every_kill_is_survived({}, std::string(kExample));
}

TEST(StacksLives, AKillAtAnyPointOfAnUpdateEndsAsIfThereHadBeenNone) {
  World world;
  ASSERT_TRUE(run(world, {.file = std::string(kExample)}).said.empty());
  expect_every_kill_is_survived(world, changed_file());
}

// Any step of the program, not only those with names. The start without a file finds the former
// stack or the new one, whole; the start with the file always ends in the new one.
TEST(StacksLives, AKillAtAnyStepLeavesTheFormerOrTheNewStack) {
  World before;
  const Ended old = run(before, {.file = std::string(kExample)});
  World whole = before;
  const Ended wanted = run(whole, {.file = changed_file()});
  int former = 0;
  int wholly = 0;
  for (std::uint64_t step = 20; step < wanted.steps; step += kSanitized ? 53 : 7) {
    SCOPED_TRACE(step);
    World world = before;
    static_cast<void>(run(world, {.file = changed_file(), .kill_at_step = step}, step % 2 == 0));
    const Ended without_file = run(world, {.seed = step});
    const bool same = without_file.records == old.records;
    ++(same ? former : wholly);
    ASSERT_EQ(without_file.records, same ? old.records : wanted.records);
    ASSERT_EQ(without_file.things, same ? old.things : wanted.things);
    const Ended next = run(world, {.file = changed_file()});
    ASSERT_EQ(next.records, wanted.records);
    ASSERT_EQ(next.things, wanted.things);
  }
  EXPECT_GT(former, 0);
  EXPECT_GT(wholly, 0);
}

// The run fails, begins to undo what it did, and is killed while it does: the
// next start goes on undoing. Killed before the failure, it goes on forward.
TEST(StacksLives, AKillWhileARunIsUndoneEndsInTheFormerState) {
  World before;
  const Ended old = run(before, {.file = std::string(kExample)});
  World whole = before;
  const Ended wanted = run(whole, {.file = changed_file()});
  int undone = 0;
  for (int nth = 1;; ++nth) {
    const std::string spec = "stacks.step.begun:" + std::to_string(nth) + ":kill";
    SCOPED_TRACE(spec);
    World world = before;
    const Ended killed =
        run(world, {.file = changed_file(), .fail_points = spec, .fail_call = 9}, nth % 2 == 0);
    if (killed.how == sys::SimEnd::How::returned) {
      ASSERT_EQ(killed.things, old.things);
      break;
    }
    const Ended next = run(world, {});
    if (next.records == old.records) {
      ++undone;
      ASSERT_EQ(next.things, old.things);
    } else {
      ASSERT_EQ(next.records, wanted.records);
      ASSERT_EQ(next.things, wanted.things);
    }
  }
  EXPECT_GE(undone, 5);
}

}  // namespace
}  // namespace hyd::stacks
