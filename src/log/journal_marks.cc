// What is readable and what is durable.
//
// At level `power` a write is on the medium when it is done, so the two marks move together. At
// level `process` it is then only with the kernel: the readable mark moves, calls are answered, and
// once a second the files that were written are synced on the storage thread, which moves the
// durable mark. Delivery, the catalog and the headers of commits know only the durable one.
#include "log/journal.h"

#include <algorithm>
#include <utility>

namespace hyd::log {
namespace {

constexpr std::chrono::seconds kSyncEvery{1};

}  // namespace

void Journal::written(const Flight& flight) {
  const std::uint64_t end = flight.header.first_place + flight.header.records;
  written_commit_ = flight.header.commit;
  if (options_.durability == sys::Durability::power) {
    durable_commit_ = written_commit_;
    durable_.store(end, std::memory_order_release);
  } else {
    unsynced_.insert(flight.segment->file);
    sync_later();
  }
  readable_.store(end, std::memory_order_release);
}

// At level `process` a commit behind the durable mark may be lost with power, but not the one that
// failed alone: what the medium holds is unknown, and starting is recovery.
void Journal::fail_from(std::uint64_t commit, const base::Error& error) {
  if (options_.durability == sys::Durability::process) {
    runtime_.die("write to the log: " + error.what);
  }
  failed_from_ = failed_from_ == 0 ? commit : std::min(failed_from_, commit);
}

void Journal::sync_later() {
  if (sync_armed_) return;
  sync_armed_ = true;
  loop_.after(kSyncEvery, [this] {
    sync_armed_ = false;
    sync();
  });
}

void Journal::sync() {
  if (syncing_ || unsynced_.empty()) return;
  syncing_ = true;
  storage([this, files = std::exchange(unsynced_, {}), commit = written_commit_,
           end = readable_.load(std::memory_order_relaxed)] {
    for (const std::shared_ptr<sys::File>& file : files) {
      // What a failed sync has lost is unknown, and a second one may report success.
      if (const auto done = file->sync(); !done) runtime_.die("sync the log: " + done.error().what);
    }
    loop_.post([this, commit, end] { synced(commit, end); });
  });
}

void Journal::synced(std::uint64_t commit, std::uint64_t end) {
  syncing_ = false;
  durable_commit_ = std::max(durable_commit_, commit);
  durable_.store(std::max(durable_.load(std::memory_order_relaxed), end),
                 std::memory_order_release);
  if (!unsynced_.empty()) sync_later();
  advance();
  pump();
}

// For the orderly end: true when nothing is left that a power cut could take.
bool Journal::synced_up() {
  sync();
  return !syncing_ && unsynced_.empty();
}

}  // namespace hyd::log
