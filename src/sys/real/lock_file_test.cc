// The lock between processes: children are forked before this test has threads, and only they hold
// what is killed.
#include "sys/real/lock_file.h"

#include "sys/output.h"
#include "sys/real/scratch.h"
#include "sys/real/threads.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace hyd::sys {
namespace {

using namespace std::chrono_literals;
using base::Code;

// A process that runs `work`, says so, and then waits to be killed.
class Child {
 public:
  template <class Work>
  explicit Child(Work work) {
    std::array<int, 2> ready{};
    HYD_CHECK(::pipe(ready.data()) == 0);
    pid_ = ::fork();
    HYD_CHECK(pid_ >= 0);
    if (pid_ == 0) {
      work();
      HYD_CHECK(::write(ready[1], "r", 1) == 1);
      while (true) ::pause();
    }
    ::close(ready[1]);
    char said = 0;
    ready_ = ::read(ready[0], &said, 1) == 1;
    ::close(ready[0]);
  }
  ~Child() { kill(); }
  pid_t pid() const { return pid_; }
  bool ready() const { return ready_; }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  bool ready_ = false;
};

class LockTest : public testing::Test {
 protected:
  // In a child: the lock lasts as long as the process.
  void hold() {
    held_ = lock(0s);
    HYD_CHECK(held_.has_value());
  }
  base::Result<std::unique_ptr<DirLock>> lock(std::chrono::nanoseconds patience) {
    return dir_->lock(mono_now() + patience, print_error_line);
  }

  Scratch scratch_;
  std::unique_ptr<Runtime> runtime_ = real_runtime();
  std::unique_ptr<Dir> dir_ = open_scratch(*runtime_, scratch_);
  base::Result<std::unique_ptr<DirLock>> held_;
};

TEST_F(LockTest, AHolderThatLivesIsNamedAtOnce) {
  const Child holder([&] { hold(); });
  ASSERT_TRUE(holder.ready());
  const base::MonoTime start = mono_now();
  const auto refused = lock(1h);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_TRUE(refused.error().what.contains("process " + std::to_string(holder.pid())))
      << refused.error().what;
  EXPECT_LT(mono_now() - start, 10s);
}

TEST_F(LockTest, AKilledHolderLeavesTheLockToTheNext) {
  Child holder([&] { hold(); });
  ASSERT_TRUE(holder.ready());
  holder.kill();
  const auto taken = lock(10s);
  EXPECT_TRUE(taken) << taken.error().what;
}

TEST_F(LockTest, AStoppedHolderLives) {
  const Child holder([&] { hold(); });
  ASSERT_TRUE(holder.ready());
  ::kill(holder.pid(), SIGSTOP);
  const auto refused = lock(0s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
}

// The descriptor outlives the process that LOCK names, as it does in the ring of a killed one.
TEST_F(LockTest, ADeadHolderWhoseDescriptorLivesIsWaitedForAndTheWaitIsAnnouncedOnce) {
  std::array<int, 2> heir{};
  ASSERT_EQ(::pipe(heir.data()), 0);
  Child holder([&] {
    hold();
    const pid_t child = ::fork();
    if (child == 0) {
      while (true) ::pause();
    }
    HYD_CHECK(::write(heir[1], &child, sizeof child) == sizeof child);
  });
  ASSERT_TRUE(holder.ready());
  pid_t keeper = -1;
  ASSERT_EQ(::read(heir[0], &keeper, sizeof keeper), static_cast<ssize_t>(sizeof keeper));
  ::close(heir[0]);
  ::close(heir[1]);
  const std::string pid = std::to_string(holder.pid());
  holder.kill();

  testing::internal::CaptureStderr();
  const auto late = lock(100ms);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
  EXPECT_TRUE(said.contains("process " + pid + ", which is dead")) << said;
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::timed_out);

  const auto killer = runtime_->spawn("killer", [keeper] {
    block_until(mono_now() + 100ms);
    ::kill(keeper, SIGKILL);
  });
  const auto taken = lock(20s);
  EXPECT_TRUE(taken) << taken.error().what;
}

TEST_F(LockTest, IsFreeAgainWhenItsOwnerLetsGoInOneProcessToo) {
  auto first = lock(0s);
  ASSERT_TRUE(first) << first.error().what;
  const auto second = lock(1h);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  first->reset();
  EXPECT_TRUE(lock(0s));
}

TEST(ProcessName, SurvivesItsTextAndIsNotTakenForAnother) {
  const ProcessName self = ProcessName::self();
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_TRUE(lives(self));
  const ProcessName read = ProcessName::parse(self.text());
  EXPECT_EQ(read.text(), self.text());
  EXPECT_TRUE(lives(read));

  ProcessName before_reboot = self;
  before_reboot.boot = "another";
  EXPECT_FALSE(lives(before_reboot));
  ProcessName reused = self;
  reused.start += "0";
  EXPECT_FALSE(lives(reused));
  for (const char* text : {"", "\n", "pid x\n", "pid -3\n", "hello", "boot\nstart"}) {
    EXPECT_FALSE(lives(ProcessName::parse(text))) << text;
  }
}

TEST(ProcessName, AZombieIsDead) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    while (true) ::pause();
  }
  // The child's start time is read while it lives; it is its own from fork on.
  ProcessName name = ProcessName::self();
  name.pid = child;
  name.start = process_start(child);
  EXPECT_TRUE(lives(name));
  ::kill(child, SIGKILL);
  const base::MonoTime patience = mono_now() + 20s;
  while (lives(name) && mono_now() < patience) block_until(mono_now() + 1ms);
  EXPECT_FALSE(lives(name));
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(lives(name));
}

}  // namespace
}  // namespace hyd::sys
