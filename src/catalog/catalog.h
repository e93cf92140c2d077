// The one embedded database, hydrant.db: everything that is not event bytes, as tables of the rooms
// above. SQLite is inside and shows nowhere.
//
// One promise: when the `done` of a mutation reports success, what it changed survives kill -9 and
// power loss, whole; when it reports an error, nothing of it is there or ever will be. `open`
// returns only behind a durable commit of its own, so whatever the database shows afterwards is
// durable. Mutations are linearizable: each sees all before it and none behind it.
//
// A failed sync or commit ends the process (Runtime::die): what the disk holds is then unknown, and
// starting is recovery.
//
// Threads: one writer thread of its own does every change and every checkpoint. Readers are made
// for threads that may block, one each. Loops never read; they are given snapshots by the rooms
// above.
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "base/units.h"
#include "catalog/probe.h"
#include "catalog/schema.h"
#include "catalog/statement.h"
#include "catalog/vfs.h"
#include "catalog/writer.h"
#include "sys/runtime.h"
#include "telemetry/log.h"
#include "telemetry/registry.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::catalog {

inline constexpr std::string_view kFile = "hydrant.db";

// A read-only connection of one thread. Each query sees the newest commit; inside a Snapshot all
// see the same one. Keep snapshots short: while one is open the write-ahead log can only grow.
class Reader : public Queryable {
 public:
  explicit Reader(std::unique_ptr<Connection> connection)
      : Queryable(*connection), owned_(std::move(connection)) {}

  class Snapshot {
   public:
    explicit Snapshot(Connection& connection) : connection_(&connection) {}
    Snapshot(Snapshot&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
    Snapshot& operator=(Snapshot&&) = delete;
    ~Snapshot();

   private:
    Connection* connection_;  // its reader outlives it
  };
  base::Result<Snapshot> snapshot();

  // Queries that run past it end with Code::timed_out.
  void set_deadline(base::MonoTime deadline) { owned_->set_deadline(deadline); }

 private:
  std::unique_ptr<Connection> owned_;
};

class Catalog {
  struct Badge {  // keeps the constructor to `open`
    explicit Badge() = default;
  };

 public:
  struct Options {
    std::vector<Schema> schemas;                  // of every room that has tables
    base::ByteCount cache = base::mib(8);         // of the writer
    base::ByteCount reader_cache = base::mib(2);  // of each reader
    Writer::Limits limits = {};
    telemetry::Registry* metrics = nullptr;  // outlives the catalog
    std::optional<telemetry::Logger> log = std::nullopt;
  };

  // Opens or makes the database in `dir`, brings its tables up to date, starts the writer. The data
  // directory's lock is held by the caller; `runtime` and `dir` outlive the catalog.
  // Code::unsupported: a newer program wrote it (names what is newer); nothing was changed.
  static base::Result<std::unique_ptr<Catalog>> open(sys::Runtime& runtime, sys::Dir& dir,
                                                     Options options);
  Catalog(Badge, sys::Runtime& runtime, sys::Dir& dir, Options options);
  // Stops. Every Reader is gone.
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  // Queues a change; any thread, never waits. Changes that are queued together become durable in
  // one commit; those of Lane::control (control planes, delivery) go before those of Lane::object.
  //
  // `mutation` runs on the writer's thread, between two others; it must not block or call anything
  // but the transaction. It may run a second time when the commit of its group found no space (the
  // first run is undone), so it starts from its captured inputs each time. Its error undoes what it
  // did and is what `done` gets; mutations beside it are not touched.
  //
  // `done` runs on the writer's thread, where everybody's next commit waits for it: post to your
  // own loop. Refused at once, on the calling thread: Code::exhausted when too many wait,
  // Code::cancelled after `stop`. Code::exhausted comes also when the disk has no room for what the
  // mutation adds; nothing was changed, and deletes still work.
  void write(Lane lane, Mutation mutation, base::Done<void> done);

  // The same for a thread that may block.
  base::Result<void> write_and_wait(Mutation mutation, Lane lane = Lane::control);

  // For one thread that may block; given back (destroyed) before the catalog. Any thread.
  base::Result<std::unique_ptr<Reader>> reader();

  // Commits what is queued, then ends the writer. Later writes are refused.
  void stop();

  // What the person who runs this should know, in whole sentences; for the start's log.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  base::Result<void> start();
  base::Result<base::ByteCount> hold_wal(bool fresh);

  sys::Runtime& runtime_;
  sys::Dir& dir_;
  const Options options_;
  std::vector<std::string> notes_;
  Probe probe_;
  Vfs vfs_;
  std::unique_ptr<Writer> writer_;
};

// True when SQLite of this version (3.40.1 is 3040001) cannot lose a commit to a checkpoint of
// another connection ("WAL-reset bug", fixed in 3.51.3, 3.50.7 and 3.44.6).
bool wal_reset_fixed(int sqlite_version);

}  // namespace hyd::catalog
