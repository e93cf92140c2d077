// How an immutable picture of the world reaches every loop: through each loop's own queue, so that
// reading it costs a plain pointer. (libstdc++ 12's std::atomic<shared_ptr> is a data race.)
//
// `publish` may be called from any thread, by one publisher at a time; `here(loop)` only on that
// loop's thread. The answer to a change is sent from `everywhere`, which runs on loop 0 when every
// loop has the new picture.
#pragma once

#include "base/check.h"
#include "base/task.h"
#include "sys/loop.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace hyd::sys {

template <class T>
class Snapshots {
 public:
  Snapshots(std::vector<Loop*> loops, std::shared_ptr<const T> first)
      : loops_(std::move(loops)), at_(loops_.size(), first) {}

  const std::shared_ptr<const T>& here(const Loop& loop) const {
    HYD_CHECK(loop.index() < at_.size());
    return at_[loop.index()];
  }

  void publish(std::shared_ptr<const T> next, base::Task everywhere) {
    struct Round {
      std::atomic<std::size_t> left;
      base::Task everywhere;
    };
    auto round = std::make_shared<Round>(loops_.size(), std::move(everywhere));
    for (Loop* loop : loops_) {
      loop->post([this, loop, next, round] {
        at_[loop->index()] = next;
        if (round->left.fetch_sub(1) == 1) {
          loops_.front()->post([round] { round->everywhere(); });
        }
      });
    }
  }

 private:
  std::vector<Loop*> loops_;
  std::vector<std::shared_ptr<const T>> at_;  // one slot a loop, touched by that loop only
};

}  // namespace hyd::sys
