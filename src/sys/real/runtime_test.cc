#include "sys/environment.h"
#include "sys/output.h"
#include "sys/real/scratch.h"
#include "sys/signals.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <set>
#include <sys/resource.h>
#include <unistd.h>

namespace hyd::sys {
namespace {

using namespace std::chrono_literals;
using base::Code;

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(RealRuntime, ClocksGoForwardAndSleepReachesItsTime) {
  const auto runtime = real_runtime();
  const base::MonoTime when = runtime->clock().mono() + 5ms;
  runtime->sleep_until(when);
  EXPECT_GE(runtime->clock().mono(), when);
  runtime->sleep_until(base::MonoTime());  // long past
  EXPECT_GT(base::unix_seconds(runtime->clock().wall()), 1'700'000'000);
}

TEST(RealRuntime, EntropyDoesNotRepeat) {
  const auto runtime = real_runtime();
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(runtime->entropy().next());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(RealRuntime, SemaphoresCountAndGiveUpAtTheDeadline) {
  const auto runtime = real_runtime();
  const auto semaphore = runtime->make_semaphore();
  EXPECT_FALSE(semaphore->acquire(runtime->clock().mono()));
  semaphore->release(2);
  EXPECT_TRUE(semaphore->acquire(base::MonoTime()));
  EXPECT_TRUE(semaphore->acquire(base::MonoTime::never()));
  EXPECT_FALSE(semaphore->acquire(runtime->clock().mono() + 2ms));
}

TEST(RealRuntime, ThreadsTakeNoSignalsOfTheProcessAndJoinWhenDestroyed) {
  const auto runtime = real_runtime();
  bool blocked = false;
  bool faults_open = false;
  {
    const auto thread = runtime->spawn("a name longer than fifteen bytes", [&] {
      sigset_t mask;
      ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
      blocked = sigismember(&mask, SIGINT) == 1 && sigismember(&mask, SIGTERM) == 1;
      faults_open = sigismember(&mask, SIGSEGV) == 0;
    });
  }
  EXPECT_TRUE(blocked);
  EXPECT_TRUE(faults_open);
}

TEST(RealRuntime, RaisesTheLimitOfOpenFilesAndIgnoresBrokenPipes) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit low{.rlim_cur = limit.rlim_max / 2, .rlim_max = limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto runtime = real_runtime();
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
  struct sigaction action{};
  ASSERT_EQ(::sigaction(SIGPIPE, nullptr, &action), 0);
  EXPECT_EQ(action.sa_handler, SIG_IGN);
}

TEST(RealRuntime, ArmsFailPointsFromTheEnvironment) {
  const Variable armed("HYDRANT_FAIL", "here:1:error");
  const auto runtime = real_runtime();
  EXPECT_FALSE(runtime->fail_points().pass("here"));
  EXPECT_TRUE(runtime->fail_points().pass("here"));
}

TEST(RealRuntime, RefusesVariablesItDoesNotUnderstandAndNamesThem) {
  for (const auto& [name, value] :
       {std::pair("HYDRANT_FAIL", "nonsense"), std::pair("HYDRANT_JOURNAL_ROAD", "air"),
        std::pair("HYDRANT_JOURNAL_DELAY_US", "soon")}) {
    const Variable wrong(name, value);
    const auto runtime = make_real_runtime();
    ASSERT_FALSE(runtime) << name;
    EXPECT_EQ(runtime.error().code, Code::invalid);
    EXPECT_TRUE(runtime.error().what.starts_with(name)) << runtime.error().what;
  }
}

TEST(RealRuntime, TheEnvironmentForcesTheJournalsRoad) {
  const Variable forced("HYDRANT_JOURNAL_ROAD", "threads");
  const auto runtime = real_runtime();
  const auto loop = runtime->make_loop("journal");
  const auto journal = runtime->make_journal_io(*loop, Durability::power);
  EXPECT_TRUE(journal->road().starts_with("threads + ")) << journal->road();
}

TEST(RealRuntimeDeathTest, AKillPointKillsAndDieSaysWhyAndAborts) {
  EXPECT_EXIT(
      {
        const Variable armed("HYDRANT_FAIL", "here:1:kill");
        static_cast<void>(real_runtime()->fail_points().pass("here"));
      },
      testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(real_runtime()->die("the disk lies"), testing::KilledBySignal(SIGABRT),
              "^hydrant: the disk lies\n");
}

TEST(Environment, TellsUnsetFromEmpty) {
  EXPECT_FALSE(environment("HYDRANT_NO_SUCH_VARIABLE"));
  const Variable empty("HYDRANT_FAIL", "");
  EXPECT_EQ(environment("HYDRANT_FAIL"), "");
}

TEST(Output, PrintsWholeLines) {
  testing::internal::CaptureStdout();
  print_line("one");
  print_line("");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "one\n\n");
  testing::internal::CaptureStderr();
  print_error_line("two");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "two\n");
}

TEST(Signals, TheFirstIsATaskOnTheLoop) {
  const auto runtime = real_runtime();
  const auto loop = runtime->make_loop("loop");
  int asked = 0;
  const Signals signals(*loop, [&] {
    ++asked;
    loop->stop();
  });
  ::kill(::getpid(), SIGTERM);
  loop->run();
  EXPECT_EQ(asked, 1);
}

TEST(SignalsDeathTest, TheSecondEndsTheProcessAtOnce) {
  EXPECT_EXIT(
      {
        const auto runtime = real_runtime();
        const auto loop = runtime->make_loop("loop");
        const Signals signals(*loop, [] { ::kill(::getpid(), SIGINT); });
        ::kill(::getpid(), SIGTERM);
        loop->run();
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace hyd::sys
