// Blobs that somebody reads: their files stay, whatever becomes of the rows that name them.
//
// A reader of one file keeps it by having it open. A reader of many, as of an object that was
// uploaded in parts, pins them all before it reads the first and looks once more at the object's
// row: what is still named then is kept to the end. Removal asks for what is not pinned only when
// the transaction that let the blobs go is over, so that one of the two sees the other.
//
// Any thread; nothing blocks for long. A process's own: a start has no readers.
#pragma once

#include "base/mutex.h"
#include "base/uid.h"

#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace hyd::objects {

class Pins {
 public:
  void add(std::span<const base::Uid> ids);
  // True when one of them is now free whose removal was put off.
  bool remove(std::span<const base::Uid> ids);
  // Those of `ids` that nobody reads. The removal of the others is put off.
  std::vector<base::Uid> unpinned(std::span<const base::Uid> ids);

 private:
  struct Held {
    std::size_t readers = 0;
    bool put_off = false;
  };
  base::Mutex mutex_;
  std::map<base::Uid, Held> held_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::objects
