// The one thread that changes the database: group commit, and every checkpoint. Internal to this
// room; the promises to the rooms above stand in catalog.h.
//
// One connection that both commits and checkpoints is what keeps the packaged SQLite's WAL-reset
// defect from ever happening (docs/decisions/0003-sqlite-on-a-vfs-of-ours.md).
//
// `write` and `stop` come from any thread; everything else runs on the writer's thread.
#pragma once

#include "base/mutex.h"
#include "base/task.h"
#include "base/units.h"
#include "catalog/connection.h"
#include "catalog/probe.h"
#include "sys/runtime.h"
#include "telemetry/log.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hyd::catalog {

enum class Lane : std::uint8_t { control, object };

using Mutation = std::move_only_function<base::Result<void>(Transaction&)>;

class Writer {
 public:
  struct Limits {
    std::size_t control_queue_max = 4096;
    std::size_t object_queue_max = 1024;  // each may carry an object of 32 KiB
    std::size_t group_max = 512;
    base::ByteCount checkpoint_at = base::mib(8);  // of WAL, when nothing waits
  };
  struct Parts {
    sys::Runtime& runtime;
    Vfs& vfs;
    std::unique_ptr<Connection> connection;
    std::unique_ptr<sys::File> database;  // to take blocks ahead of growth
    base::ByteCount wal_held;             // blocks of the WAL that are ours on a full disk
    Probe& probe;
    std::optional<telemetry::Logger> log;
  };
  // What `parts` refers to outlives it.
  Writer(Parts parts, Limits limits);
  ~Writer();  // stops

  // Takes blocks for what the database holds already, then starts the thread. Not to be called when
  // it fails; `write` and `stop` may be called all the same.
  base::Result<void> start();

  void write(Lane lane, Mutation mutation, base::Done<void> done);
  void stop();

 private:
  struct Queued {
    Mutation mutation;
    base::Done<void> done;
    base::Result<void> outcome;
  };
  using Group = std::vector<Queued>;

  void run();
  // Waits for work; empty when stopped and nothing is left.
  Group take_group();
  bool idle();
  void commit_group(Group& group);
  // One commit for all. Code::exhausted or a lost transaction: none of them is committed.
  base::Result<void> commit_together(Group& group);
  void commit_alone(Queued& item);
  // Between BEGIN and COMMIT. An error means that the transaction is gone; what the mutation itself
  // said is in its outcome.
  base::Result<void> apply(Queued& item);
  base::Result<void> commit();
  void roll_back();
  // The blocks for a database of this many bytes are ours. Code::exhausted: they cannot be had.
  base::Result<void> hold(std::uint64_t bytes);
  base::Result<std::uint64_t> database_bytes();
  void checkpoint_if_due();
  void checkpoint();
  // Ends the process after a failed sync or commit: what the disk holds is the truth.
  [[noreturn]] void die_of(const base::Error& error);

  sys::Runtime& runtime_;
  Vfs& vfs_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<sys::File> database_;
  const std::uint64_t wal_held_;
  Probe& probe_;
  const std::optional<telemetry::Logger> log_;
  const Limits limits_;

  std::uint64_t held_ = 0;               // bytes of the database file whose blocks are ours
  bool can_hold_ = true;                 // false: this file system takes no blocks ahead
  std::uint64_t wal_at_checkpoint_ = 0;  // of the last one, until the WAL begins anew

  std::unique_ptr<sys::Semaphore> wake_;
  std::unique_ptr<sys::Thread> thread_;
  base::Mutex mutex_;
  std::deque<Queued> control_ HYD_GUARDED_BY(mutex_);
  std::deque<Queued> object_ HYD_GUARDED_BY(mutex_);
  bool awake_ HYD_GUARDED_BY(mutex_) = true;  // false: waits, and the next sender wakes it
  bool closed_ HYD_GUARDED_BY(mutex_) = false;
};

}  // namespace hyd::catalog
