#include "objects/store.h"

#include "base/check.h"
#include "codec/base64.h"
#include "objects/digests.h"
#include "objects/multipart.h"
#include "objects/tables.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hyd::objects {

using base::Code;
using base::fail;
using base::Result;
using base::Uid;

// What a staged object's file hangs on until somebody decides about it.
class Unclaimed {
 public:
  Unclaimed(Store& store, const Uid& blob) : store_(store), blob_(blob) {}
  Unclaimed(const Unclaimed&) = delete;
  Unclaimed& operator=(const Unclaimed&) = delete;
  ~Unclaimed() {
    if (!decided_.load(std::memory_order_relaxed)) store_.throw_away(blob_);
  }
  void decide() { decided_.store(true, std::memory_order_relaxed); }

 private:
  Store& store_;
  const Uid blob_;
  std::atomic<bool> decided_{false};
};

Result<std::unique_ptr<Store>> Store::open(const Parts& parts) {
  auto store = std::make_unique<Store>(parts);
  RETURN_IF_ERROR(store->start());
  return store;
}

Store::Store(const Parts& parts) : parts_(parts), blobs_(parts_.runtime, parts_.dir) {}

Store::~Store() { closing_.store(true, std::memory_order_relaxed); }

// What the catalog shows is durable by now (Catalog::open), so it may be acted on.
Result<void> Store::start() {
  RETURN_IF_ERROR(blobs_.prepare());
  std::vector<Uid> pending;
  {
    ASSIGN_OR_RETURN(Reading reader, read());
    ASSIGN_OR_RETURN(pending, read_pending(*reader));
  }
  for (const Uid& id : pending) RETURN_IF_ERROR(clear_away(id));
  const auto forget = [&](catalog::Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(forget_pending(in, pending));
    return drop_old_uploads(in, now());
  };
  RETURN_IF_ERROR(parts_.catalog.write_and_wait(forget));
  do {
    RETURN_IF_ERROR(tidy());
  } while (has_garbage());
  return {};
}

Result<void> Store::clear_away(const Uid& id) {
  if (!parts_.catalog_is_older) return blobs_.remove(id);
  ASSIGN_OR_RETURN(const bool moved, blobs_.lose(id));
  if (moved && parts_.log) {
    parts_.log->warning("A blob that may belong to newer rows was moved to lost/.",
                        {{"blob", id.hex()}});
  }
  return {};
}

base::WallTime Store::now() const {
  return std::chrono::floor<std::chrono::seconds>(parts_.runtime.clock().wall());
}

Result<Store::Reading> Store::read() {
  {
    const base::Lock lock(mutex_);
    if (!readers_.empty()) {
      Reading reading(*this, std::move(readers_.back()));
      readers_.pop_back();
      return reading;
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<catalog::Reader> reader, parts_.catalog.reader());
  return Reading(*this, std::move(reader));
}

Store::Reading::~Reading() {
  if (reader_) store_->give_back(std::move(reader_));
}

void Store::give_back(std::unique_ptr<catalog::Reader> reader) {
  const base::Lock lock(mutex_);
  if (readers_.size() < kReadersKept) readers_.push_back(std::move(reader));
}

Result<Uid> Store::draw_id() {
  for (;;) {
    {
      const base::Lock lock(mutex_);
      if (!ids_.empty()) {
        const Uid id = ids_.back();
        ids_.pop_back();
        return id;
      }
    }
    std::vector<Uid> drawn;
    drawn.reserve(kPendingDrawn);
    for (std::size_t i = 0; i < kPendingDrawn; ++i) {
      drawn.push_back(Uid::random(parts_.runtime.entropy()));
    }
    RETURN_IF_ERROR(parts_.catalog.write_and_wait(
        [&](catalog::Transaction& in) { return add_pending(in, drawn); }));
    const base::Lock lock(mutex_);
    ids_.insert(ids_.end(), drawn.begin(), drawn.end());
  }
}

void Store::give_back(const Uid& id) {
  const base::Lock lock(mutex_);
  ids_.push_back(id);
}

Result<void> Store::check_space(std::uint64_t bytes, Purpose purpose) {
  ASSIGN_OR_RETURN(const sys::Space space, parts_.dir.space());
  const std::uint64_t total = space.total.bytes();
  std::uint64_t reserve = std::min(std::max(total / 100 * 3, base::gib(1).bytes()), total / 4);
  if (purpose == Purpose::delivery) reserve /= 2;
  const std::uint64_t free = space.free.bytes();
  if (free < reserve || free - reserve < bytes) {
    return fail(Code::exhausted, "what is free on the disk is kept in reserve");
  }
  return {};
}

Result<std::unique_ptr<Blobs::Writer>> Store::begin(std::uint64_t bytes, Purpose purpose) {
  RETURN_IF_ERROR(check_space(bytes, purpose));
  ASSIGN_OR_RETURN(const Uid id, draw_id());
  return blobs_.write(id, bytes, [this, id] { give_back(id); });
}

Result<std::optional<Staged>> Store::staged_before(const Put& put, const Uid& token) {
  if (token == Uid()) return std::optional<Staged>();
  ASSIGN_OR_RETURN(Reading reader, read());
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, put.bucket));
  if (!bucket) return std::optional<Staged>();
  ASSIGN_OR_RETURN(std::optional<Object> object,
                   find_object(*reader, {.bucket = bucket->id, .key = put.key}));
  if (!object || object->token != token) return std::optional<Staged>();
  return std::optional<Staged>({.bucket = put.bucket, .object = *std::move(object)});
}

Result<Staged> Store::stage(const Put& put, const Uid& token) {
  ASSIGN_OR_RETURN(std::optional<Staged> before, staged_before(put, token));
  if (before) return *std::move(before);

  Digests digests({});
  std::uint64_t size = 0;
  for (const std::string_view piece : put.body) {
    digests.update(piece);
    size += piece.size();
  }
  Staged staged{.bucket = put.bucket,
                .object = {.key = put.key,
                           .size = size,
                           .etag = digests.md5().hex(),
                           .modified = now(),
                           .headers = put.headers,
                           .checksum = {.algorithm = std::string(info(digests.algorithm()).name),
                                        .value = codec::base64_encode(digests.checksum())},
                           .crc64 = digests.crc64(),
                           .token = token}};
  if (size <= kInlineBytesMax) {
    RETURN_IF_ERROR(check_space(size, put.purpose));
    staged.bytes = sys::SharedBytes::make(size, [&](std::span<char> out) {
      auto at = out.begin();
      for (const std::string_view piece : put.body) at = std::ranges::copy(piece, at).out;
    });
    return staged;
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Blobs::Writer> writer, begin(size, put.purpose));
  for (const std::string_view piece : put.body) RETURN_IF_ERROR(writer->append(piece));
  RETURN_IF_ERROR(writer->finish());
  staged.object.blob = writer->id();
  staged.unclaimed = std::make_shared<Unclaimed>(*this, writer->id());
  return staged;
}

Result<void> Store::commit(catalog::Transaction& in, const Staged& staged) {
  if (staged.unclaimed) staged.unclaimed->decide();
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, staged.bucket));
  if (!bucket) return fail(Code::not_found, "there is no bucket " + staged.bucket);
  const Object& object = staged.object;
  ASSIGN_OR_RETURN(const std::optional<Object> old,
                   find_object(in, {.bucket = bucket->id, .key = object.key}));
  if (old && object.blob != Uid() && old->blob == object.blob) return {};  // it is there
  if (old && object.token != Uid() && old->token == object.token) {
    // Staged twice: one file is enough.
    if (object.blob == Uid()) return {};
    garbage_.store(true, std::memory_order_relaxed);
    return move_pending_to_garbage(in, object.blob);
  }
  if (old) {
    garbage_.store(true, std::memory_order_relaxed);
    RETURN_IF_ERROR(erase_object(in, bucket->id, *old));
  }
  Object placed = object;
  if (placed.blob == Uid()) {
    ASSIGN_OR_RETURN(placed.inline_row, add_inline(in, staged.bytes.view()));
  } else {
    RETURN_IF_ERROR(hold_blob(in, placed.blob, placed.size));
  }
  return insert_object(in, bucket->id, placed);
}

void Store::discard(const Staged& staged) {
  if (staged.object.blob == Uid()) return;
  if (staged.unclaimed) staged.unclaimed->decide();
  throw_away(staged.object.blob);
}

void Store::throw_away(const Uid& pending) {
  // The id stays in `pending`, so a name that comes back after a power cut is removed by the start.
  if (blobs_.remove(pending)) give_back(pending);
}

Store::Pin::Pin(Store& store, std::vector<Uid> ids) : store_(&store), ids_(std::move(ids)) {
  store.pins_.add(ids_);
}

Store::Pin::~Pin() {
  if (store_ != nullptr && store_->pins_.remove(ids_)) store_->expect_garbage();
}

Result<bool> Store::has_bucket(catalog::Queryable& from, std::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(from, name));
  return bucket.has_value();
}

Result<bool> Store::has_bucket(std::string_view name) {
  ASSIGN_OR_RETURN(Reading reader, read());
  return has_bucket(*reader, name);
}

Result<bool> Store::remove(catalog::Transaction& in, std::int64_t bucket, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<Object> old,
                   find_object(in, {.bucket = bucket, .key = key}));
  if (!old) return false;
  garbage_.store(true, std::memory_order_relaxed);
  RETURN_IF_ERROR(erase_object(in, bucket, *old));
  return true;
}

// Page behind page in the order of ids, so that blobs which are still read are passed and do not
// hide what lies behind them.
Result<void> Store::tidy() {
  Uid after;
  {
    const base::Lock lock(mutex_);
    after = tidied_to_;
  }
  // Read in the writer's order: whatever has asked for tidying before the flag falls is seen by
  // this pass, and whatever asks behind it raises the flag again. A reader could miss what is not
  // committed yet.
  std::vector<Uid> ids;
  const auto look = [&](catalog::Transaction& in) -> Result<void> {
    if (after == Uid()) garbage_.store(false, std::memory_order_relaxed);
    ASSIGN_OR_RETURN(ids, read_garbage(in, {.after = after, .most = kTidyMax}));
    return {};
  };
  RETURN_IF_ERROR(parts_.catalog.write_and_wait(look));
  // Only now, when what let go of them is over: see pins.h.
  const std::vector<Uid> free = pins_.unpinned(ids);
  for (const Uid& id : free) RETURN_IF_ERROR(clear_away(id));
  if (!free.empty()) {
    RETURN_IF_ERROR(parts_.catalog.write_and_wait(
        [&](catalog::Transaction& in) { return forget_garbage(in, free); }));
  }
  const bool more = ids.size() == kTidyMax;
  more_garbage_.store(more, std::memory_order_relaxed);
  const base::Lock lock(mutex_);
  tidied_to_ = more ? ids.back() : Uid();
  return {};
}

void Store::sweep(sys::Workers& workers) { sweep_on(workers, 0, 0); }

void Store::sweep_on(sys::Workers& workers, std::size_t slice, std::size_t lost) {
  base::Task task = [this, &workers, slice, lost] {
    if (closing_.load(std::memory_order_relaxed)) return;
    const Result<std::size_t> moved = sweep_slice(static_cast<std::uint8_t>(slice));
    if (!moved) {
      if (parts_.log) {
        parts_.log->warning("The look through all blobs has ended early.",
                            {{"reason", moved.error().what}});
      }
      return;
    }
    if (slice + 1 < Blobs::kSlices) return sweep_on(workers, slice + 1, lost + *moved);
    if (lost + *moved > 0 && parts_.log) {
      parts_.log->warning("Files that no row names were moved to lost/.",
                          {{"files", lost + *moved}});
    }
  };
  // A pool that is full or stopping: the next start looks again.
  static_cast<void>(workers.submit(task));
}

// Listed first, looked up behind: an id is in one of the tables from before its file is made until
// after it is removed.
Result<std::size_t> Store::sweep_slice(std::uint8_t slice) {
  ASSIGN_OR_RETURN(const std::vector<Uid> ids, blobs_.list(slice));
  std::size_t moved = 0;
  if (ids.empty()) return moved;
  ASSIGN_OR_RETURN(Reading reader, read());
  for (const Uid& id : ids) {
    ASSIGN_OR_RETURN(const bool known, knows_blob(*reader, id));
    if (known) continue;
    ASSIGN_OR_RETURN(const bool lost, blobs_.lose(id));
    if (lost) ++moved;
  }
  return moved;
}

}  // namespace hyd::objects
