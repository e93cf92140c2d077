#include "sys/loops.h"

#include "base/check.h"

#include <utility>

namespace hyd::sys {

Loops::Loops(Runtime& runtime, Options options)
    : runtime_(runtime), name_(std::move(options.name)) {
  HYD_CHECK(options.count > 0);
  for (std::size_t i = 0; i < options.count; ++i) {
    loops_.push_back(runtime_.make_loop(name_ + "-" + std::to_string(i)));
  }
}

Loops::~Loops() { stop(); }

void Loops::start() {
  HYD_CHECK(threads_.empty());
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    Loop* const loop = loops_[i].get();
    threads_.push_back(runtime_.spawn(name_ + "-" + std::to_string(i), [loop] { loop->run(); }));
  }
}

void Loops::stop() {
  if (threads_.empty()) return;
  for (auto& loop : loops_) loop->stop();
  for (auto& thread : threads_) thread->join();
  threads_.clear();
}

std::vector<Loop*> Loops::all() {
  std::vector<Loop*> all;
  all.reserve(loops_.size());
  for (auto& loop : loops_) all.push_back(loop.get());
  return all;
}

}  // namespace hyd::sys
