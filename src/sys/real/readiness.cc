#include "sys/real/readiness.h"

#include "base/check.h"

#include <algorithm>
#include <array>
#include <sys/epoll.h>
#include <utility>

namespace hyd::sys {
namespace {

// What the kernel hands back with an event.
constexpr std::uint64_t pack(std::uint32_t key, std::uint32_t life) {
  return std::uint64_t{life} << 32 | key;
}

}  // namespace

Readiness::Readiness() : set_(::epoll_create1(EPOLL_CLOEXEC)) {
  HYD_CHECK(static_cast<bool>(set_));  // at the start, when descriptors are free
}

Readiness::Key Readiness::watch(Fd& fd) {
  if (free_.empty()) {
    free_.push_back(static_cast<Key>(slots_.size()));
    slots_.emplace_back();
  }
  const Key key = free_.back();
  free_.pop_back();
  Slot& slot = slots_[key];
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = pack(key, slot.life);
  if (::epoll_ctl(set_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0) {
    fd = Fd();
    slot.can_read = slot.can_write = slot.ended = slot.broken = true;
  }
  return key;
}

void Readiness::unwatch(const Fd& fd) {
  epoll_event unused{};
  static_cast<void>(::epoll_ctl(set_.get(), EPOLL_CTL_DEL, fd.get(), &unused));
}

void Readiness::forget(Key key) {
  const std::uint32_t life = slots_[key].life + 1;
  // The tasks end when the slot is whole again: what they own may call this set.
  const Slot old = std::exchange(slots_[key], Slot{.life = life});
  free_.push_back(key);
}

void Readiness::wait_readable(Key key, base::Task task) {
  wait(key, &Slot::readable, &Slot::can_read, std::move(task));
}

void Readiness::wait_writable(Key key, base::Task task) {
  wait(key, &Slot::writable, &Slot::can_write, std::move(task));
}

void Readiness::wait(Key key, base::Task Slot::* task, bool Slot::* ready, base::Task what) {
  Slot& slot = slots_[key];
  HYD_CHECK(!(slot.*task));
  slot.*task = std::move(what);
  if (slot.*ready) due_.push_back({.key = key, .life = slot.life});
}

bool Readiness::waits(Key key) const {
  const Slot& slot = slots_[key];
  return slot.readable || slot.writable;
}

void Readiness::drained(Key key) {
  Slot& slot = slots_[key];
  slot.can_read = slot.ended;
}

void Readiness::full(Key key) {
  Slot& slot = slots_[key];
  slot.can_write = slot.broken;
}

// A task may end its socket, or let others come and `slots_` grow: nothing of it is held meanwhile.
std::size_t Readiness::run(Named named) {
  std::size_t ran = 0;
  const auto run_one = [&](base::Task Slot::* task, bool Slot::* ready) {
    Slot& slot = slots_[named.key];
    if (slot.life != named.life || !(slot.*ready) || !(slot.*task)) return;
    base::Task taken = std::exchange(slot.*task, nullptr);
    ++ran;
    taken();
  };
  run_one(&Slot::readable, &Slot::can_read);
  run_one(&Slot::writable, &Slot::can_write);
  return ran;
}

std::size_t Readiness::serve() {
  std::size_t ran = 0;
  if (!due_.empty()) {
    serving_.swap(due_);
    for (const Named named : serving_) ran += run(named);
    serving_.clear();
  }
  std::array<epoll_event, kEvents> events;
  const int count = ::epoll_wait(set_.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const std::uint32_t what = event.events;
    const Named named{.key = static_cast<Key>(event.data.u64),
                      .life = static_cast<std::uint32_t>(event.data.u64 >> 32)};
    Slot& slot = slots_[named.key];
    if (slot.life != named.life) continue;
    const bool broken = (what & (EPOLLERR | EPOLLHUP)) != 0;
    slot.broken |= broken;
    slot.ended |= broken || (what & EPOLLRDHUP) != 0;
    slot.can_read |= broken || (what & (EPOLLIN | EPOLLRDHUP)) != 0;
    slot.can_write |= broken || (what & EPOLLOUT) != 0;
    ran += run(named);
  }
  return ran;
}

void Readiness::drop_tasks() {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const base::Task readable = std::exchange(slots_[i].readable, nullptr);
    const base::Task writable = std::exchange(slots_[i].writable, nullptr);
  }
}

}  // namespace hyd::sys
