#include "catalog/catalog.h"

#include "sys/wait_for.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>

namespace hyd::catalog {

using base::ByteCount;
using base::Code;
using base::Result;

namespace {

constexpr std::string_view kWalFile = "hydrant.db-wal";
constexpr ByteCount kWalHeldMax = base::mib(16);
constexpr std::uint64_t kWalShare = 32;  // of the file system, on a small one

}  // namespace

bool wal_reset_fixed(int sqlite_version) {
  return sqlite_version >= 3051003 || (sqlite_version >= 3050007 && sqlite_version < 3051000) ||
         (sqlite_version >= 3044006 && sqlite_version < 3045000) || sqlite_version < 3007000;
}

Reader::Snapshot::~Snapshot() {
  // Ends a read transaction; nothing can be lost by it.
  if (connection_ != nullptr) static_cast<void>(connection_->run("COMMIT"));
}

Result<Reader::Snapshot> Reader::snapshot() {
  RETURN_IF_ERROR(owned_->run("BEGIN"));
  return Snapshot(*owned_);
}

Result<std::unique_ptr<Catalog>> Catalog::open(sys::Runtime& runtime, sys::Dir& dir,
                                               Options options) {
  auto catalog = std::make_unique<Catalog>(Badge{}, runtime, dir, std::move(options));
  if (auto started = catalog->start(); !started) {
    return std::move(started).error().within(fmt::format("catalog {}/{}", dir.path(), kFile));
  }
  return catalog;
}

Catalog::Catalog(Badge, sys::Runtime& runtime, sys::Dir& dir, Options options)
    : runtime_(runtime), dir_(dir), options_(std::move(options)), vfs_(runtime, dir) {
  if (options_.metrics != nullptr) probe_.register_in(*options_.metrics);
}

Catalog::~Catalog() { stop(); }

Result<void> Catalog::start() {
  if (!wal_reset_fixed(sqlite3_libversion_number())) {
    notes_.push_back(
        fmt::format("SQLite {} ({}) is older than the fix of its WAL-reset defect; Hydrant avoids "
                    "it by committing and checkpointing on one connection only.",
                    sqlite3_libversion(), sqlite3_sourceid()));
  }
  ASSIGN_OR_RETURN(const bool existed, dir_.exists(kWalFile));
  ASSIGN_OR_RETURN(auto connection, Connection::open(vfs_, runtime_.clock(),
                                                     {.file = kFile,
                                                      .access = Connection::Access::read_write,
                                                      .cache = options_.cache}));
  RETURN_IF_ERROR(prepare(*connection, dir_, options_.schemas));
  ASSIGN_OR_RETURN(const ByteCount wal_held, hold_wal(!existed));
  ASSIGN_OR_RETURN(auto database, dir_.open(kFile, sys::Open::read_write));
  writer_ = std::make_unique<Writer>(Writer::Parts{.runtime = runtime_,
                                                   .vfs = vfs_,
                                                   .connection = std::move(connection),
                                                   .database = std::move(database),
                                                   .wal_held = wal_held,
                                                   .probe = probe_,
                                                   .log = options_.log},
                                     options_.limits);
  return writer_->start();
}

// The WAL must be able to take a delete on a full disk. Done at every start: a copy of a directory
// has lost what was held beyond the file's end.
Result<ByteCount> Catalog::hold_wal(bool fresh) {
  ASSIGN_OR_RETURN(const sys::Space space, dir_.space());
  const ByteCount held = std::min(kWalHeldMax, ByteCount(space.total.bytes() / kWalShare));
  ASSIGN_OR_RETURN(const auto wal, dir_.open(kWalFile, sys::Open::read_write));
  auto done = wal->reserve(0, held.bytes());
  if (done) return held;
  if (done.error().code == Code::exhausted && fresh) {
    return std::move(done).error().within("room for the write-ahead log");
  }
  notes_.push_back(
      fmt::format("No blocks could be held for the catalog's write-ahead log ({}): on a full disk "
                  "deletes may be refused.",
                  done.error().what));
  return held;
}

void Catalog::write(Lane lane, Mutation mutation, base::Done<void> done) {
  writer_->write(lane, std::move(mutation), std::move(done));
}

Result<void> Catalog::write_and_wait(Mutation mutation, Lane lane) {
  return sys::wait_for<void>(runtime_, [&](base::Done<void> done) {
    writer_->write(lane, std::move(mutation), std::move(done));
  });
}

Result<std::unique_ptr<Reader>> Catalog::reader() {
  ASSIGN_OR_RETURN(auto connection, Connection::open(vfs_, runtime_.clock(),
                                                     {.file = kFile,
                                                      .access = Connection::Access::read_only,
                                                      .cache = options_.reader_cache}));
  return std::make_unique<Reader>(std::move(connection));
}

void Catalog::stop() {
  if (writer_ != nullptr) writer_->stop();
}

}  // namespace hyd::catalog
