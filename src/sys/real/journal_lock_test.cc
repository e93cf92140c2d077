// The ring keeps the directory's lock: forks, so it has a file of its own.
#include "sys/real/journal.h"
#include "sys/real/lock_file.h"
#include "sys/real/loop.h"
#include "sys/real/scratch.h"
#include "sys/real/threads.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace hyd::sys {
namespace {

// The descriptors of this process that are open on `path`.
int close_all_on(const std::string& path) {
  int closed = 0;
  for (int fd = 3; fd < 256; ++fd) {
    std::error_code failed;
    const auto target =
        std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), failed);
    if (failed || target != path) continue;
    ::close(fd);
    ++closed;
  }
  return closed;
}

enum class Found : int { free = 0, held = 1, broken = 2, no_io_uring = 3 };

// In a process of its own: takes the lock, writes once, loses every descriptor of LOCK as a killed
// process does, and looks whether a second holder is let in.
Found lock_after_losing_it(const std::string& path, bool io_uring) {
  const auto runtime = real_runtime();
  auto dir = runtime->open_dir(path);
  if (!dir) return Found::broken;
  auto slot_file = (*dir)->open("slot", Open::create);
  if (!slot_file || !(*slot_file)->truncate(kBlockBytes)) return Found::broken;
  auto lock = (*dir)->lock(mono_now(), nullptr);
  if (!lock) return Found::broken;
  RealLoop loop(0);
  auto journal = io_uring ? make_uring_journal(loop, Durability::power, {})
                          : make_threads_journal(loop, Durability::power, {});
  if (journal == nullptr) return Found::no_io_uring;
  auto slot = journal->open_slot(**dir, "slot");
  if (!slot) return Found::broken;
  bool written = false;
  loop.post([&] {
    journal->write(*slot, 0, SharedBytes::make(kBlockBytes, [](std::span<char>) {}),
                   [&](base::Result<void> done) {
                     written = done.has_value();
                     loop.stop();
                   });
  });
  loop.run();
  if (!written || close_all_on(path + "/LOCK") != 1) return Found::broken;
  auto other = runtime->open_dir(path);
  if (!other) return Found::broken;
  const auto second = (*other)->lock(mono_now(), nullptr);
  return second ? Found::free : Found::held;
}

Found in_a_child(const std::string& path, bool io_uring) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(static_cast<int>(lock_after_losing_it(path, io_uring)));
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return Found::broken;
  return static_cast<Found>(WEXITSTATUS(status));
}

TEST(JournalLock, TheRingHoldsItWhenTheProcessNoLongerDoes) {
  const Scratch scratch;
  const Found found = in_a_child(scratch.path(), true);
  if (found == Found::no_io_uring) GTEST_SKIP() << "io_uring is forbidden here";
  EXPECT_EQ(found, Found::held);
}

// The counter-proof: without the ring the same loss frees the lock, so the test above tests it.
TEST(JournalLock, WithoutTheRingALostDescriptorFreesIt) {
  const Scratch scratch;
  EXPECT_EQ(in_a_child(scratch.path(), false), Found::free);
}

TEST(JournalLock, AnOrderlyStopFreesItAtOnce) {
  const Scratch scratch;
  const auto runtime = real_runtime();
  const auto dir = open_scratch(*runtime, scratch);
  ASSERT_TRUE((*dir->open("slot", Open::create))->truncate(kBlockBytes));
  for (int life = 0; life < 3; ++life) {
    auto lock = dir->lock(mono_now(), nullptr);
    ASSERT_TRUE(lock) << lock.error().what;
    RealLoop loop(0);
    auto journal = make_real_journal_io(loop, Durability::power, {});
    auto slot = journal->open_slot(*dir, "slot");
    ASSERT_TRUE(slot);
    int done = 0;
    journal->write(*slot, 0, SharedBytes::make(kBlockBytes, [](std::span<char>) {}),
                   [&](base::Result<void> result) { done += result ? 1 : 0; });
    journal->stop();
    EXPECT_EQ(done, 1);
  }
}

}  // namespace
}  // namespace hyd::sys
