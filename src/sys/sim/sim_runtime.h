// The simulated twin of the real runtime: one seed, one interleaving.
//
// Threads are members of a Baton, time is virtual, the disk is a SimDisk. Loops are cooperative
// queues; their sockets are those of a SimNet. Made and used inside one simulated process
// (sim_process.h); the thread that makes it is its main thread.
#pragma once

#include "sys/runtime.h"
#include "sys/sim/baton.h"
#include "sys/sim/sim_disk.h"
#include "sys/sim/sim_net.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hyd::sys {

class SimClock final : public base::Clock {
 public:
  explicit SimClock(const Baton& baton) : baton_(baton) {}
  base::WallTime wall() const override {
    return base::WallTime(
               std::chrono::duration_cast<std::chrono::microseconds>(baton_.now().since())) +
           skew_;
  }
  base::MonoTime mono() const override { return baton_.now(); }
  // Lets the wall clock jump; monotonic time goes on.
  void set_skew(std::chrono::microseconds skew) { skew_ = skew; }

 private:
  const Baton& baton_;
  std::chrono::microseconds skew_{std::chrono::seconds(1'790'000'000)};
};

class SimRuntime final : public Runtime {
 public:
  struct Options {
    std::uint64_t seed = 1;
    unsigned cpus = 2;
    // What a step of the file system takes, drawn up to this.
    std::chrono::microseconds disk_delay_max{300};
    std::chrono::microseconds journal_delay_max{500};
    SimNet::Options net{};
    // How the process ends when it ends itself (`die`, or a fail point that kills).
    std::function<void(std::string_view why)> on_end{};
  };
  SimRuntime(Options options, SimDisk& disk);
  ~SimRuntime() override;

  Baton& baton() { return baton_; }
  SimClock& sim_clock() { return clock_; }
  SimNet& net() { return net_; }  // for a test's clients

  base::Clock& clock() override { return clock_; }
  base::Rng& entropy() override { return entropy_; }
  FailPoints& fail_points() override { return fail_points_; }
  std::unique_ptr<Loop> make_loop(std::string name) override;
  std::unique_ptr<Thread> spawn(std::string name, base::Task body) override;
  std::unique_ptr<Semaphore> make_semaphore() override;
  void sleep_until(base::MonoTime when) override { baton_.sleep_until(when); }
  base::Result<std::unique_ptr<Dir>> open_dir(std::string_view path) override;
  std::unique_ptr<JournalIo> make_journal_io(Loop& loop, Durability durability) override;
  unsigned usable_cpus() override { return options_.cpus; }
  base::ByteCount usable_memory() override { return base::gib(1); }
  [[noreturn]] void die(std::string_view why) override;

 private:
  Options options_;
  Baton baton_;
  SimNet net_;
  SimClock clock_;
  base::FastRng entropy_;
  SimDisk& disk_;
  FailPoints fail_points_;
  Loop* journal_loop_ = nullptr;
  std::size_t loops_made_ = 0;
};

}  // namespace hyd::sys
