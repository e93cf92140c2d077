// Real threads, semaphores, clocks and entropy.
#pragma once

#include "base/clock.h"
#include "base/rng.h"
#include "base/task.h"
#include "sys/thread.h"

#include <memory>
#include <string>

namespace hyd::sys {

// The thread bears the first 15 bytes of `name` and takes no signals that are sent to the process.
std::unique_ptr<Thread> spawn_thread(const std::string& name, base::Task body);
std::unique_ptr<Semaphore> make_real_semaphore();

base::MonoTime mono_now();
// Blocks this thread.
void block_until(base::MonoTime when);

class RealClock final : public base::Clock {
 public:
  base::WallTime wall() const override;
  base::MonoTime mono() const override { return mono_now(); }
};

// The kernel's generator: fit for secrets, any thread.
class RealEntropy final : public base::Rng {
 public:
  std::uint64_t next() override;
};

}  // namespace hyd::sys
