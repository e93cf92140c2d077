#include "base/check.h"
#include "base/parse_int.h"
#include "sys/environment.h"
#include "sys/output.h"
#include "sys/real/dir.h"
#include "sys/real/journal.h"
#include "sys/real/loop.h"
#include "sys/real/machine.h"
#include "sys/real/threads.h"
#include "sys/real_runtime.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace hyd::sys {
namespace {

using base::Code;
using base::fail;
using base::Result;

class RealRuntime final : public Runtime {
 public:
  explicit RealRuntime(JournalSettings journal)
      : fail_points_({.kill = [] { signal_self(SIGKILL); },
                      .stop = [] { signal_self(SIGSTOP); },
                      .delay = [](std::chrono::milliseconds ms) { block_until(mono_now() + ms); }}),
        journal_(journal) {}

  base::Clock& clock() override { return clock_; }
  base::Rng& entropy() override { return entropy_; }
  FailPoints& fail_points() override { return fail_points_; }

  std::unique_ptr<Loop> make_loop(std::string) override {
    return std::make_unique<RealLoop>(loops_made_.fetch_add(1));
  }
  std::unique_ptr<Thread> spawn(std::string name, base::Task body) override {
    return spawn_thread(name, std::move(body));
  }
  std::unique_ptr<Semaphore> make_semaphore() override { return make_real_semaphore(); }
  void sleep_until(base::MonoTime when) override { block_until(when); }

  Result<std::unique_ptr<Dir>> open_dir(std::string_view path) override {
    return open_real_dir(path);
  }
  std::unique_ptr<JournalIo> make_journal_io(Loop& loop, Durability durability) override {
    auto* const real = dynamic_cast<RealLoop*>(&loop);
    HYD_CHECK(real != nullptr);
    return make_real_journal_io(*real, durability, journal_);
  }

  unsigned usable_cpus() override { return sys::usable_cpus(); }
  base::ByteCount usable_memory() override { return sys::usable_memory(); }

  [[noreturn]] void die(std::string_view why) override {
    print_error_line("hydrant: " + std::string(why));
    std::abort();
  }

 private:
  static void signal_self(int signal) { ::kill(::getpid(), signal); }

  RealClock clock_;
  RealEntropy entropy_;
  FailPoints fail_points_;
  const JournalSettings journal_;
  std::atomic<std::size_t> loops_made_{0};
};

Result<JournalSettings> journal_settings() {
  JournalSettings settings;
  if (const auto road = environment("HYDRANT_JOURNAL_ROAD"); road && !road->empty()) {
    if (*road != "threads") {
      return fail(Code::invalid, "HYDRANT_JOURNAL_ROAD: expected threads, not '" + *road + "'");
    }
    settings.without_io_uring = true;
  }
  if (const auto delay = environment("HYDRANT_JOURNAL_DELAY_US"); delay && !delay->empty()) {
    const auto us = base::parse_int<std::uint32_t>(*delay);
    if (!us) {
      return fail(Code::invalid, "HYDRANT_JOURNAL_DELAY_US: '" + *delay + "' is not a number");
    }
    settings.added_delay = std::chrono::microseconds(*us);
  }
  return settings;
}

// The kernel keeps the default actions of signals from the first process of a container, so Ctrl-C
// would do nothing there before Signals exist. The same end as by the signal, as a shell shows it.
void let_signals_end_the_first_process() {
  if (::getpid() != 1) return;
  for (const int signal : {SIGINT, SIGTERM}) {
    std::signal(signal, [](int number) { ::_exit(128 + number); });
  }
}

}  // namespace

Result<std::unique_ptr<Runtime>> make_real_runtime() {
  ASSIGN_OR_RETURN(const JournalSettings journal, journal_settings());
  auto runtime = std::make_unique<RealRuntime>(journal);
  if (const auto spec = environment("HYDRANT_FAIL")) {
    if (auto armed = runtime->fail_points().arm(*spec); !armed) {
      return std::move(armed.error()).within("HYDRANT_FAIL");
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
  let_signals_end_the_first_process();
  raise_open_files_limit();
  return runtime;
}

}  // namespace hyd::sys
