// SQLite's road to the disk: a VFS over sys::Dir and sys::File, so that the simulated disk lies
// under the catalog too and only `sys` calls the kernel.
//
// What differs from SQLite's own: names are paths in the data directory; the shared memory of the
// WAL is heap that all connections of one Vfs share, and locks are counters there, so exactly one
// process and one Vfs may use the database (the data directory's LOCK sees to that); a file that
// was made or removed has its folder synced before the call returns; there are no temporary files
// (`PRAGMA temp_store=MEMORY`); the database may be read by several connections at once, each on a
// thread of its own.
//
// A failed sync is final: it is remembered, later syncs fail without asking the disk, and whoever
// wrote must end the process. Time and randomness never wait; only file calls and xSleep do.
#pragma once

#include "base/result.h"
#include "sys/runtime.h"

#include <memory>
#include <optional>
#include <string>

namespace hyd::catalog {

struct VfsState;  // SQLite's structures stay in vfs.cc

class Vfs {
 public:
  // Registers itself with SQLite under a name of its own, not as the default. `runtime` and `dir`
  // outlive it.
  Vfs(sys::Runtime& runtime, sys::Dir& dir);
  // Every connection that used it is closed.
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  // For sqlite3_open_v2. Lives as long as the Vfs.
  const char* name() const;

  // The first failed sync of a file or a folder, if there was one. Any thread.
  std::optional<base::Error> failed_sync() const;
  // What the disk said when a call last failed, for messages; empty when none did. Any thread.
  std::string last_failure() const;

 private:
  std::unique_ptr<VfsState> state_;
};

}  // namespace hyd::catalog
