// The simulation itself: same seed, same run; the disk keeps what it promised and only that.
#include "sys/sim/sim_disk.h"
#include "sys/sim/sim_process.h"
#include "sys/sim/sim_runtime.h"
#include "sys/workers.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

namespace hyd::sys {
namespace {

void write(Dir& dir, std::string_view path, std::string_view bytes) {
  auto file = dir.open(path, Open::create);
  ASSERT_TRUE(file) << file.error().what;
  const auto wrote = (*file)->write_at(0, bytes);
  ASSERT_TRUE(wrote) << wrote.error().what;
}

void sync(Dir& dir, std::string_view path) {
  auto file = dir.open(path, Open::read_write);
  ASSERT_TRUE(file) << file.error().what;
  ASSERT_TRUE((*file)->sync());
}

TEST(SimDisk, APowerCutKeepsSyncedBytesUnderSyncedNames) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SimDisk disk(seed);
    write(disk, "a", "kept");
    sync(disk, "a");
    ASSERT_TRUE(disk.sync_dir(""));
    disk.lose_power();
    EXPECT_EQ(disk.read_all("a"), "kept") << seed;
  }
}

TEST(SimDisk, APowerCutMayLoseWhatNobodySynced) {
  std::set<std::string> left;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SimDisk disk(seed);
    write(disk, "a", std::string(1024, 'x'));
    sync(disk, "a");  // the bytes, not the name
    disk.lose_power();
    const auto there = disk.exists("a");
    ASSERT_TRUE(there);
    left.insert(*there ? "name" : "nothing");
    SimDisk other(seed);
    write(other, "b", std::string(1024, 'x'));
    ASSERT_TRUE(other.sync_dir(""));  // the name, not the bytes
    other.lose_power();
    const std::string bytes = other.read_all("b");
    left.insert(bytes.empty() ? "none" : bytes == std::string(1024, 'x') ? "all" : "torn");
  }
  EXPECT_EQ(left, (std::set<std::string>{"name", "nothing", "none", "all", "torn"}));
}

TEST(SimDisk, AKillKeepsTheCacheAndLandsJournalWritesNowLaterOrNever) {
  std::set<std::string> left;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SimDisk disk(seed);
    auto made = disk.create("j", kBlockBytes);
    ASSERT_TRUE(made);
    write(disk, "cached", "c");
    auto journal = disk.make_journal(Durability::power);
    auto slot = journal->open_slot(disk, "j");
    ASSERT_TRUE(slot);
    journal->write(*slot, 0, SharedBytes::copy_of(std::string(kBlockBytes, 'w')),
                   [](auto) { FAIL() << "the process is dead"; });
    disk.kill();
    EXPECT_EQ(disk.read_all("cached"), "c");
    const bool now = disk.read_all("j")[0] == 'w';
    disk.land_late(100);
    const bool later = disk.read_all("j")[0] == 'w';
    left.insert(now ? "now" : later ? "later" : "never");
  }
  EXPECT_EQ(left, (std::set<std::string>{"now", "later", "never"}));
}

TEST(SimDisk, SavedAndLoadedItIsTheSameDisk) {
  SimDisk disk(3);
  ASSERT_TRUE(disk.make_dirs("x/y"));
  write(disk, "x/y/z", "bytes");
  const std::string saved = disk.save();
  const auto again = SimDisk::load(saved, 3);
  EXPECT_EQ(again->save(), saved);
  EXPECT_EQ(again->read_all("x/y/z"), "bytes");
}

// Four threads append their names to one list through a pool; the order is the interleaving.
std::string interleaving(std::uint64_t seed) {
  const SimEnd end = run_process("", {.seed = seed}, [](SimProcess& process) {
    Workers workers(process.runtime, {.name = "w", .threads = 3});
    for (int i = 0; i < 20; ++i) {
      base::Task task = [&process, i] {
        static_cast<void>(process.disk.exists("a"));
        process.tell(std::to_string(i));
      };
      ASSERT_TRUE(workers.submit(task));
    }
    workers.stop();
  });
  EXPECT_EQ(end.how, SimEnd::How::returned) << end.why;
  return end.ledger;
}

TEST(SimRuntime, OneSeedIsOneInterleavingAndAnotherIsAnother) {
  const std::string first = interleaving(1);
  EXPECT_EQ(first, interleaving(1));
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) seen.insert(interleaving(seed));
  EXPECT_GT(seen.size(), 5u);
}

TEST(SimProcess, AKillAtAStepEndsItThereAndTheLedgerSurvives) {
  const auto body = [](SimProcess& process) {
    for (int i = 0; i < 100; ++i) {
      write(process.disk, "n", std::to_string(i));
      process.tell(std::to_string(i));
    }
  };
  const SimEnd whole = run_process("", {.seed = 5}, body);
  ASSERT_EQ(whole.how, SimEnd::How::returned) << whole.why;
  const SimEnd cut = run_process("", {.seed = 5, .kill_at_step = whole.steps / 2}, body);
  EXPECT_EQ(cut.how, SimEnd::How::killed);
  EXPECT_LT(cut.ledger.size(), whole.ledger.size());
  EXPECT_TRUE(whole.ledger.starts_with(cut.ledger));
}

TEST(SimProcess, ABrokenInvariantIsReportedAsACrash) {
  const SimEnd end = run_process("", {.seed = 5}, [](SimProcess&) { std::abort(); });
  EXPECT_EQ(end.how, SimEnd::How::crashed);
  EXPECT_EQ(end.why, "signal 6");
}

TEST(SimRuntime, TimersAndPostsRunOnTheLoopInVirtualTime) {
  const SimEnd end = run_process("", {.seed = 9}, [](SimProcess& process) {
    auto loop = process.runtime.make_loop("l");
    const auto started = process.runtime.clock().mono();
    loop->after(std::chrono::hours(1), [&] {
      process.tell(process.runtime.clock().mono() - started >= std::chrono::hours(1) ? "hour"
                                                                                     : "early");
      loop->at_turn_end([&] { process.tell("end"); });
      loop->post([&] {
        process.tell("posted");
        loop->stop();
      });
    });
    auto thread = process.runtime.spawn("l", [&] { loop->run(); });
    thread->join();
  });
  ASSERT_EQ(end.how, SimEnd::How::returned) << end.why;
  EXPECT_TRUE(end.ledger == "hour\nend\nposted\n" || end.ledger == "hour\nposted\nend\n")
      << end.ledger;
}

}  // namespace
}  // namespace hyd::sys
