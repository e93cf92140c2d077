#include "net/timer_wheel.h"

#include <algorithm>

namespace hyd::net {

TimerWheel::TimerWheel() {
  for (Entry& head : slots_) head.previous_ = head.next_ = &head;
}

void TimerWheel::set(Entry& entry, Tick deadline) {
  entry.deadline_ = std::max(deadline, now_ + 1);
  if (entry.next_ != nullptr) {
    if (entry.slot_ <= entry.deadline_) return;
    unlink(entry);
  }
  link(entry);
}

void TimerWheel::link(Entry& entry) {
  entry.slot_ = std::min(entry.deadline_, now_ + kSlots - 1);
  Entry& head = slots_[entry.slot_ % kSlots];
  entry.previous_ = head.previous_;
  entry.next_ = &head;
  head.previous_->next_ = &entry;
  head.previous_ = &entry;
}

void TimerWheel::unlink(Entry& entry) {
  if (entry.next_ == nullptr) return;
  entry.previous_->next_ = entry.next_;
  entry.next_->previous_ = entry.previous_;
  entry.previous_ = entry.next_ = nullptr;
}

void TimerWheel::take_all(Entry& from, Entry& to) {
  to.previous_ = to.next_ = &to;
  if (from.next_ == &from) return;
  to.next_ = from.next_;
  to.previous_ = from.previous_;
  to.next_->previous_ = &to;
  to.previous_->next_ = &to;
  from.previous_ = from.next_ = &from;
}

}  // namespace hyd::net
