// Which sockets of a loop can be read or written: one edge-triggered epoll set.
//
// A socket is registered once, when it comes, and what the kernel says of it is kept as two flags;
// waiting for what is known already, or is told later, costs no system call. Asio's own waits cost
// one each. The set is itself a descriptor, which the loop watches through Asio only while it
// sleeps.
//
// The flags follow the rules of edge triggering: a flag falls when a call found less than it asked
// for, and the next change of the socket raises it again. An end or an error that was announced
// stays: nothing would announce it a second time.
//
// All calls on the loop's thread, or while the loop does not run.
#pragma once

#include "base/task.h"
#include "sys/real/fd.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyd::sys {

class Readiness {
 public:
  using Key = std::uint32_t;

  Readiness();

  // Of the set: readable while a watched socket has changed.
  int fd() const { return set_.get(); }

  // When the kernel has no room for another watched descriptor it closes `fd`: waits for it then
  // end at once, and the read or write after them fails.
  Key watch(Fd& fd);
  // The tasks that wait are destroyed without having run. The descriptor is closed next, which
  // takes it out of the set; one that lives on is taken out by `unwatch` first.
  void forget(Key key);
  void unwatch(const Fd& fd);

  // `task` runs inside a later `serve`, once.
  void wait_readable(Key key, base::Task task);
  void wait_writable(Key key, base::Task task);
  bool waits(Key key) const;

  // A read found less than there was room for; a write was not taken whole.
  void drained(Key key);
  void full(Key key);

  // Runs the tasks whose sockets are ready, of at most kEvents sockets, without sleeping; how many.
  std::size_t serve();
  // A task can run without the kernel saying anything more.
  bool due() const { return !due_.empty(); }
  void drop_tasks();

 private:
  static constexpr std::size_t kEvents = 256;

  struct Slot {
    base::Task readable = nullptr;
    base::Task writable = nullptr;
    std::uint32_t life = 0;  // counts the sockets that had this slot
    bool can_read = false;
    bool can_write = false;
    bool ended = false;   // the peer sends no more: reading never waits again
    bool broken = false;  // nor does writing
  };
  struct Named {
    Key key;
    std::uint32_t life;
  };

  std::size_t run(Named named);
  void wait(Key key, base::Task Slot::* task, bool Slot::* ready, base::Task what);

  Fd set_;
  std::vector<Slot> slots_;
  std::vector<Key> free_;
  std::vector<Named> due_;
  std::vector<Named> serving_;  // serve's, kept for its memory
};

}  // namespace hyd::sys
