#include "sys/sim/baton.h"

#include "base/check.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <semaphore.h>

namespace hyd::sys {

enum class State : std::uint8_t { ready, blocked, finished };

namespace {

// Whose turn it is. A semaphore rather than a condition: a hand-over is one wake and one wait, and
// whoever is woken need not wait again for a mutex that the waker still holds.
class Turn {
 public:
  Turn() { HYD_CHECK(::sem_init(&semaphore_, 0, 0) == 0); }
  ~Turn() { ::sem_destroy(&semaphore_); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  void give() { HYD_CHECK(::sem_post(&semaphore_) == 0); }
  void await() {
    while (::sem_wait(&semaphore_) != 0) HYD_CHECK(errno == EINTR);
  }

 private:
  sem_t semaphore_;
};

}  // namespace

class Baton::Member {
 public:
  std::string name;
  base::Task body;
  State state = State::ready;
  base::MonoTime deadline = base::MonoTime::never();
  bool woken = false;  // a wake that came, consumed by the next block
  Member* joiner = nullptr;
  Turn turn;  // given once for each time that it becomes the holder
  std::thread thread;
};

Baton::Baton(std::uint64_t seed) : rng_(seed) {
  members_.push_back(std::make_unique<Member>());
  members_.back()->name = "main";
  holder_ = members_.back().get();
}

Baton::~Baton() {
  for (auto& member : members_) {
    if (!member->thread.joinable()) continue;
    HYD_CHECK(member->state == State::finished);  // whoever spawned it joins it first
    member->thread.join();
  }
}

Baton::Member* Baton::spawn(std::string name, base::Task body) {
  auto owned = std::make_unique<Member>();
  Member* const member = owned.get();
  member->name = std::move(name);
  member->body = std::move(body);
  members_.push_back(std::move(owned));
  member->thread = std::thread([this, member] { enter(member); });
  return member;
}

void Baton::enter(Member* member) {
  member->turn.await();
  member->body();
  member->body = nullptr;
  member->state = State::finished;
  if (member->joiner != nullptr) {
    member->joiner->woken = true;
    if (member->joiner->state == State::blocked) member->joiner->state = State::ready;
  }
  Member* const next = choose();
  holder_ = next;
  next->turn.give();
}

void Baton::join(Member* member) {
  while (member->state != State::finished) {
    member->joiner = self();
    block(base::MonoTime::never());
  }
  if (member->thread.joinable()) member->thread.join();
}

// Every time the baton moves, a little virtual time passes, so that nothing that
// polls can stop the world.
Baton::Member* Baton::choose() {
  for (;;) {
    if (on_step_) on_step_(++steps_);
    now_ = now_ + std::chrono::microseconds(1);
    while (!events_.empty() && events_.begin()->first.first <= now_) {
      base::Task event = std::move(events_.begin()->second);
      events_.erase(events_.begin());
      event();
    }
    std::vector<Member*> ready;
    base::MonoTime next = events_.empty() ? base::MonoTime::never() : events_.begin()->first.first;
    for (auto& member : members_) {
      if (member->state == State::blocked && member->deadline <= now_) {
        member->state = State::ready;
      }
      if (member->state == State::ready) ready.push_back(member.get());
      if (member->state == State::blocked) next = std::min(next, member->deadline);
    }
    if (!ready.empty()) return ready[rng_.below(ready.size())];
    if (next == base::MonoTime::never()) {
      std::fprintf(stderr, "simulation: nobody can run; threads:");
      for (auto& member : members_) {
        std::fprintf(stderr, " %s(%s)", member->name.c_str(),
                     member->state == State::finished ? "finished" : "waits for ever");
      }
      std::fprintf(stderr, "\n");
      HYD_CHECK(false);
    }
    now_ = std::max(now_, next);
  }
}

void Baton::hand_over() {
  Member* const me = holder_;
  Member* const next = choose();
  if (next == me) return;
  holder_ = next;
  next->turn.give();
  me->turn.await();
}

void Baton::yield() { hand_over(); }

bool Baton::block(base::MonoTime deadline) {
  Member* const me = holder_;
  if (!me->woken) {
    me->state = State::blocked;
    me->deadline = deadline;
    hand_over();
    me->deadline = base::MonoTime::never();
  }
  const bool woken = me->woken;
  me->woken = false;
  return woken;
}

void Baton::wake(Member* member) {
  member->woken = true;
  if (member->state == State::blocked) member->state = State::ready;
}

void Baton::sleep_until(base::MonoTime when) {
  while (now_ < when) block(when);
}

void Baton::at(base::MonoTime when, base::Task event) {
  events_.emplace(std::pair(when, event_order_++), std::move(event));
}

}  // namespace hyd::sys
