// The timers of one loop in the order of their time; those of one time in the order of their
// making. Owner: the loop's thread.
#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "sys/loop.h"

#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace hyd::sys {

class TimerQueue {
 public:
  TimerId add(base::MonoTime due, base::Task task) {
    const TimerId id = ++last_;
    tasks_.emplace(Key(due, id), std::move(task));
    due_.emplace(id, due);
    return id;
  }

  void cancel(TimerId id) {
    const auto found = due_.find(id);
    if (found == due_.end()) return;
    const auto node = tasks_.extract(Key(found->second, id));
    due_.erase(found);
  }  // the task ends here, when the queue is whole again

  std::optional<base::MonoTime> next() const {
    if (tasks_.empty()) return std::nullopt;
    return tasks_.begin()->first.first;
  }

  TimerId last() const { return last_; }

  // The first task that is due, of those made no later than `newest`: a task that makes timers
  // without delay waits its turn.
  base::Task take_due(base::MonoTime now, TimerId newest) {
    for (auto at = tasks_.begin(); at != tasks_.end() && at->first.first <= now; ++at) {
      if (at->first.second > newest) continue;
      base::Task task = std::move(at->second);
      due_.erase(at->first.second);
      tasks_.erase(at);
      return task;
    }
    return nullptr;
  }

 private:
  using Key = std::pair<base::MonoTime, TimerId>;
  std::map<Key, base::Task> tasks_;
  std::unordered_map<TimerId, base::MonoTime> due_;
  TimerId last_ = 0;
};

}  // namespace hyd::sys
