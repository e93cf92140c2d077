// The embedded object store: blobs on disk, rows in the catalog, and the order between the two.
//
// An object is put in two steps. `stage` (or a BlobWriter of `begin`) makes the bytes durable under
// a name that nobody knows; `commit` puts the object's row, inside a transaction of the caller's.
// When that transaction is durable the object is there, whole, and every later read sees it; before
// that, and after any crash in between, it is not there and leaves nothing behind. Objects of up to
// kInlineBytesMax are in the transaction itself and have no file.
//
// How nothing is left behind: a blob's id is durable in the table `pending` before its file is
// made, and leaves it in the transaction that names the blob; an id whose last row goes enters
// `garbage` in the same transaction, and its file is removed afterwards. A start removes the files
// of both. A file that no table knows is never removed: the sweep moves it to lost/ and says so.
//
// Threads: everything but `commit` and the functions that take a Queryable blocks and is for
// workers; any number of them at once. `commit` runs on the catalog writer's thread.
#pragma once

#include "base/mutex.h"
#include "base/result.h"
#include "base/uid.h"
#include "base/units.h"
#include "catalog/catalog.h"
#include "objects/blobs.h"
#include "objects/object.h"
#include "objects/pins.h"
#include "sys/file.h"
#include "sys/runtime.h"
#include "sys/shared_bytes.h"
#include "sys/workers.h"
#include "telemetry/log.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::objects {

// Objects of at most this many bytes are rows, larger ones files.
inline constexpr std::size_t kInlineBytesMax = 32 * 1024;

// To be passed to Catalog::open with everyone's.
catalog::Schema objects_schema();

class Unclaimed;

// An object whose bytes are durable, or travel with it, and whose row is still to be put. When all
// copies of it go without `commit` or `discard`, on a worker, its file goes too. The store outlives
// it.
struct Staged {
  std::string bucket;
  Object object;
  sys::SharedBytes bytes = {};                     // of an inline object
  std::shared_ptr<Unclaimed> unclaimed = nullptr;  // of one that `Store::stage` has made
};

// How deep a put may go into the reserve that is kept free on the disk.
enum class Purpose : std::uint8_t {
  client,    // refused when less than the reserve is free
  delivery,  // refused at half of it: delivered events free the log
};

// What is to be put, with all of its bytes.
struct Put {
  std::string bucket;
  std::string key;
  Headers headers = {};  // "content-type", "content-encoding", "x-amz-meta-…"
  std::span<const std::string_view> body = {};
  Purpose purpose = Purpose::client;
};

class Store {
 public:
  struct Parts {
    sys::Runtime& runtime;
    sys::Dir& dir;              // the data directory
    catalog::Catalog& catalog;  // opened with objects_schema()
    std::optional<telemetry::Logger> log = std::nullopt;
    // The catalog is an older copy than the files beside it: what a start would remove is moved to
    // lost/ instead.
    bool catalog_is_older = false;
  };
  // Blocks. Removes what puts and deletes of the last run had not finished.
  static base::Result<std::unique_ptr<Store>> open(const Parts& parts);
  explicit Store(const Parts& parts);
  ~Store();

  // --- whole objects, for callers in this process

  // Makes the bytes durable. With a token, an object of the same bucket and key that was put with
  // it is answered as it is: nothing is written, and `commit` changes nothing. Code::exhausted: no
  // space. The bucket is looked at by `commit` alone.
  base::Result<Staged> stage(const Put& put, const base::Uid& token = {});
  // Puts the row, and lets go of the bytes of the object that was there. May run twice, as
  // mutations do. Code::not_found: there is no such bucket.
  base::Result<void> commit(catalog::Transaction& in, const Staged& staged);
  // A staged object that will not be committed, or whose `commit` was in a transaction that failed.
  // Not needed after a crash.
  void discard(const Staged& staged);

  static base::Result<bool> has_bucket(catalog::Queryable& from, std::string_view name);
  // The same for a caller without a reader; a worker's.
  base::Result<bool> has_bucket(std::string_view name);

  // --- parts, for the wire

  // A blob to be filled; `bytes` expected (0: not known). Code::exhausted: below the reserve.
  base::Result<std::unique_ptr<Blobs::Writer>> begin(std::uint64_t bytes, Purpose purpose);
  // Refuses what would go into the reserve.
  base::Result<void> check_space(std::uint64_t bytes, Purpose purpose);
  Blobs& blobs() { return blobs_; }
  catalog::Catalog& catalog() { return parts_.catalog; }
  sys::Runtime& runtime() { return parts_.runtime; }
  base::WallTime now() const;  // whole seconds

  // Lent for one task; given back by its destructor.
  class Reading {
   public:
    Reading(Store& store, std::unique_ptr<catalog::Reader> reader)
        : store_(&store), reader_(std::move(reader)) {}
    Reading(Reading&& other) noexcept = default;
    Reading& operator=(Reading&&) = delete;
    ~Reading();
    catalog::Reader& operator*() { return *reader_; }
    catalog::Reader* operator->() { return reader_.get(); }

   private:
    Store* store_;
    std::unique_ptr<catalog::Reader> reader_;
  };
  base::Result<Reading> read();

  // Keeps the files of blobs, whatever becomes of their rows, until it goes (pins.h). Whoever pins
  // looks again whether they are still named.
  class Pin {
   public:
    Pin() = default;
    Pin(Store& store, std::vector<base::Uid> ids);
    Pin(Pin&& other) noexcept
        : store_(std::exchange(other.store_, nullptr)), ids_(std::move(other.ids_)) {}
    Pin& operator=(Pin&& other) noexcept {
      std::swap(store_, other.store_);
      std::swap(ids_, other.ids_);
      return *this;
    }
    ~Pin();

   private:
    Store* store_ = nullptr;
    std::vector<base::Uid> ids_;
  };

  // --- removal

  // Inside a transaction: an object's row goes. False when there was none.
  base::Result<bool> remove(catalog::Transaction& in, std::int64_t bucket, std::string_view key);
  // A transaction of the caller's lets blobs go.
  void expect_garbage() { garbage_.store(true, std::memory_order_relaxed); }
  // True since rows have gone whose blobs are still there.
  bool has_garbage() const {
    return garbage_.load(std::memory_order_relaxed) ||
           more_garbage_.load(std::memory_order_relaxed);
  }
  // Removes blobs that have no row any more and no reader: a page of kTidyMax.
  base::Result<void> tidy();

  // Looks once through all blobs, on `workers` in slices, for files that no row knows. `workers` is
  // stopped before the store goes.
  void sweep(sys::Workers& workers);
  // One slice; for tests and for `sweep`. Returns how many files were moved.
  base::Result<std::size_t> sweep_slice(std::uint8_t slice);

 private:
  friend class Unclaimed;
  static constexpr std::size_t kTidyMax = 256;
  static constexpr std::size_t kPendingDrawn = 256;  // ids in one transaction
  static constexpr std::size_t kReadersKept = 16;

  base::Result<void> start();
  base::Result<void> clear_away(const base::Uid& id);
  base::Result<base::Uid> draw_id();
  void throw_away(const base::Uid& pending);
  void give_back(const base::Uid& id);
  void give_back(std::unique_ptr<catalog::Reader> reader);
  base::Result<std::optional<Staged>> staged_before(const Put& put, const base::Uid& token);
  void sweep_on(sys::Workers& workers, std::size_t slice, std::size_t lost);

  const Parts parts_;
  Blobs blobs_;
  Pins pins_;
  std::atomic<bool> garbage_{false};       // rows have gone since the first page was looked at
  std::atomic<bool> more_garbage_{false};  // there is another page
  std::atomic<bool> closing_{false};
  base::Mutex mutex_;
  std::vector<base::Uid> ids_ HYD_GUARDED_BY(mutex_);  // pending, without a file
  std::vector<std::unique_ptr<catalog::Reader>> readers_ HYD_GUARDED_BY(mutex_);
  base::Uid tidied_to_ HYD_GUARDED_BY(mutex_);  // the end of the page before; no id: the first
};

}  // namespace hyd::objects
