// The heart of the simulation: real threads of which only the holder of a baton runs.
//
// Every wait in the simulated `sys` hands the baton to a thread drawn from the seed, so code under
// test is the straight-line code of production and one seed always gives one interleaving. Time is
// virtual: when nobody can run it jumps to the next deadline or event.
//
// The thread that makes the Baton is its first member and holds it. Rule for code under test: no
// call into `sys` while a mutex is held, else the next holder could wait for that mutex for ever.
#pragma once

#include "base/clock.h"
#include "base/rng.h"
#include "base/task.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hyd::sys {

class Baton {
 public:
  class Member;

  explicit Baton(std::uint64_t seed);
  ~Baton();
  Baton(const Baton&) = delete;
  Baton& operator=(const Baton&) = delete;

  // All calls below are made by the holder.
  base::MonoTime now() const { return now_; }
  base::FastRng& rng() { return rng_; }

  // Starts a thread; it first runs when the baton is handed to it.
  Member* spawn(std::string name, base::Task body);
  // Blocks until that thread's body has returned.
  void join(Member* member);

  Member* self() const { return holder_; }
  // Hands the baton over; the caller stays ready.
  void yield();
  // Waits until woken or until the deadline; true when woken.
  bool block(base::MonoTime deadline);
  // Makes a blocked member ready. Waking one that is not blocked is remembered for its next block.
  void wake(Member* member);
  void sleep_until(base::MonoTime when);

  // `event` runs at that virtual time on whichever thread holds the baton then. It must not wait.
  void at(base::MonoTime when, base::Task event);

  // Called before every step with the number of steps taken; it may end the process (a kill).
  void on_step(std::move_only_function<void(std::uint64_t)> hook) { on_step_ = std::move(hook); }

 private:
  void hand_over();
  Member* choose();
  void enter(Member* member);

  base::FastRng rng_;
  base::MonoTime now_{std::chrono::seconds(1000)};
  std::uint64_t steps_ = 0;
  std::uint64_t event_order_ = 0;
  // All of this is the holder's.
  std::vector<std::unique_ptr<Member>> members_;
  Member* holder_ = nullptr;
  std::map<std::pair<base::MonoTime, std::uint64_t>, base::Task> events_;
  std::move_only_function<void(std::uint64_t)> on_step_;
};

}  // namespace hyd::sys
