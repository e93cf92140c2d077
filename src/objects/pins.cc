#include "objects/pins.h"

namespace hyd::objects {

using base::Uid;

void Pins::add(std::span<const Uid> ids) {
  const base::Lock lock(mutex_);
  for (const Uid& id : ids) ++held_[id].readers;
}

bool Pins::remove(std::span<const Uid> ids) {
  const base::Lock lock(mutex_);
  bool put_off = false;
  for (const Uid& id : ids) {
    const auto at = held_.find(id);
    if (at == held_.end() || --at->second.readers > 0) continue;
    put_off = put_off || at->second.put_off;
    held_.erase(at);
  }
  return put_off;
}

std::vector<Uid> Pins::unpinned(std::span<const Uid> ids) {
  const base::Lock lock(mutex_);
  std::vector<Uid> out;
  for (const Uid& id : ids) {
    const auto at = held_.find(id);
    if (at == held_.end()) {
      out.push_back(id);
    } else {
      at->second.put_off = true;
    }
  }
  return out;
}

}  // namespace hyd::objects
