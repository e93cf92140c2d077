// What workers do for the engine: each function blocks, and ends in a few steps once the engine is
// stopping.
#include "delivery/engine.h"
#include "sys/wait_for.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::chrono::seconds kAdoptEvery{1};

}  // namespace

void Engine::read(const LinePtr& line, const Moment& moment) {
  Reader::Limits limits{.bytes_max = options_.slice_bytes,
                        .now_ms = moment.log_ms,
                        .stopping = [this] { return stopping(); },
                        .opened =
                            [this, &line](const Intent& intent) {
                              const base::Lock lock(mutex_);
                              line->open.push_back({.intent = intent});
                            }};
  {
    const base::Lock lock(mutex_);
    limits.intents_max =
        options_.open_intents_max - std::min(options_.open_intents_max, line->open.size());
    if (line->stream.state == DeliveryState::deleting) limits.drain_to = line->stream.drain_to;
  }
  if (limits.intents_max == 0) return look_at_source(line);
  const Result<Reader::Slice> slice = line->reader->slice(limits);
  Buffer buffered = line->reader->buffer();
  std::vector<log::ShardNumber> passed = line->reader->passed();
  const base::MonoTime now = parts_.runtime.clock().mono();
  bool told = false;
  {
    const base::Lock lock(mutex_);
    line->reading = false;
    line->buffered = std::move(buffered);
    line->passed = std::move(passed);
    if (slice) {
      line->read_failures = 0;
      line->caught_up = slice->caught_up;
      line->full = slice->full;
      if (slice->caught_up) line->read_to = slice->read_to;
      // At the mark the next look is enough; behind it the next slice follows at once.
      line->read_due = slice->caught_up ? now + options_.wake_every : now;
    } else if (slice.error().code != Code::cancelled) {
      line->caught_up = false;
      line->read_due = now + pause(++line->read_failures);
      line->last_error = slice.error().what;
      told = true;
    }
  }
  drop_what_is_gone(line);
  if (!told) return;
  probe_.read_failed.add();
  if (parts_.logger) {
    parts_.logger->warning("cannot read on for a delivery stream",
                           {{"arn", line->stream.arn}, {"error", slice.error().what}});
  }
}

// While no intent may be opened: new shards of the source are marked and held all the same, so that
// the log keeps what is put into them however long the destination is stuck.
void Engine::look_at_source(const LinePtr& line) {
  const Result<void> looked = line->reader->look_at_source();
  const base::MonoTime due = parts_.runtime.clock().mono() + kAdoptEvery;
  {
    const base::Lock lock(mutex_);
    line->reading = false;
    line->adopt_due = due;
    if (!looked) line->last_error = looked.error().what;
  }
  drop_what_is_gone(line);
}

// A delivery stream that was dropped while its reader took up new shards: nobody else lets go.
void Engine::drop_what_is_gone(const LinePtr& line) {
  bool gone = false;
  {
    const base::Lock lock(mutex_);
    gone = line->gone;
  }
  if (gone) parts_.log.drop_holder(log::HolderId(line->stream.id.raw()));
}

// Of the streams that are gone a few at a time, since the log is asked for each of their shards.
void Engine::forget_gone_sources() {
  std::vector<Source> gone = parts_.sources.gone();
  std::ranges::sort(gone, {}, &Source::stream);
  const auto behind = std::ranges::upper_bound(gone, last_asked_, {}, &Source::stream);
  std::ranges::rotate(gone, behind);
  std::size_t asked = 0;
  for (const Source& source : gone) {
    if (asked == options_.forget_max || stopping()) break;
    if (!done_with(source)) continue;
    ++asked;
    last_asked_ = source.stream;
    if (log_let_go_of(source)) parts_.sources.forget(source.stream);
  }
  const base::Lock lock(mutex_);
  forgetting_ = false;
}

// Whether every delivery stream of its ARN has read it to its end and stored all that it read. One
// that has not looked at it yet has not.
bool Engine::done_with(const Source& source) const {
  const base::Lock lock(mutex_);
  for (const auto& [id, line] : lines_) {
    if (line->stream.source_arn != source.arn) continue;
    std::set<log::ShardNumber> owed;
    for (const Range& range : line->buffered.ranges()) owed.insert(range.shard);
    for (const OpenIntent& open : line->open) {
      for (const Range& range : open.intent.inputs) owed.insert(range.shard);
    }
    for (const SourceShard& shard : source.shards) {
      if (!shard.last || owed.contains(shard.number)) return false;
      // One that ends before its first place never had records.
      const std::uint64_t from = std::max(line->stream.start, shard.first.raw());
      const bool passed = std::ranges::binary_search(line->passed, shard.number);
      if (!passed && shard.last->raw() >= from) return false;
    }
  }
  return true;
}

// The log has no record of it any more. Until then its row tells what its shards mean.
bool Engine::log_let_go_of(const Source& source) {
  for (const SourceShard& shard : source.shards) {
    const log::ReadRequest request{.shard = shard.number,
                                   .from = shard.first,
                                   .records_max = 1,
                                   .bytes_max = 1,
                                   .up_to = log::Mark::durable};
    const Result<log::ReadResult> got = sys::wait_for<log::ReadResult>(
        parts_.runtime, [&](auto done) { parts_.log.read(nullptr, request, std::move(done)); });
    if (!got && got.error().code == Code::not_found) continue;
    if (!got || !got->records.empty() || !got->caught_up) return false;
  }
  return true;
}

Result<Object> Engine::build(const LinePtr& line, const Intent& intent) {
  const Merge::Parts parts{
      .runtime = parts_.runtime, .log = parts_.log, .stopping = [this] { return stopping(); }};
  Result<Object> object = build_object(intent, line->reader->plan(), parts);
  // A frame that fails its check is read once more before it counts as damage.
  if (!object && object.error().code == Code::corrupt) {
    object = build_object(intent, line->reader->plan(), parts);
  }
  if (!object && object.error().code == Code::not_found) {
    return fail(Code::corrupt,
                "the log does not know its records any more: " + std::move(object).error().what);
  }
  return object;
}

Result<std::optional<DeliveryJournal::Committed>> Engine::attempt(const LinePtr& line,
                                                                  const Intent& intent,
                                                                  const Attempt& attempt) {
  if (attempt.number > 1) RETURN_IF_ERROR(parts_.journal.attempt(intent, attempt));
  const std::string& bucket = line->reader->plan().bucket;
  ASSIGN_OR_RETURN(const bool there, parts_.store.has_bucket(bucket));
  if (!there) return fail(Code::not_found, "there is no bucket " + bucket);

  ASSIGN_OR_RETURN(const Object object, build(line, intent));
  const std::vector<std::string_view> body(object.pieces.begin(), object.pieces.end());
  ASSIGN_OR_RETURN(const std::unique_ptr<ObjectStore::Staged> staged,
                   parts_.store.stage({.bucket = bucket,
                                       .key = intent.key,
                                       .headers = object.headers,
                                       .body = body,
                                       .token = intent.batch}));
  Result<void> passed = parts_.runtime.fail_points().pass("delivery.staged");
  if (!passed) {
    parts_.store.discard(*staged);
    return std::move(passed).error();
  }
  auto committed = parts_.journal.commit(intent, *staged);
  if (!committed) {
    parts_.store.discard(*staged);
    return std::move(committed).error();
  }
  RETURN_IF_ERROR(parts_.runtime.fail_points().pass("delivery.committed"));
  return committed;
}

void Engine::store(const LinePtr& line, const Intent& intent, const Attempt& before) {
  const base::MonoTime began = parts_.runtime.clock().mono();
  Attempt now{.number = before.number + 1, .first_ms = before.first_ms, .begun = true};
  if (before.number == 0) now.first_ms = parts_.log.now_ms();
  Result<std::optional<DeliveryJournal::Committed>> done = attempt(line, intent, now);
  if (done) {
    if (*done) {
      hold(line, (*done)->lows);
      probe_.store_time.record(parts_.runtime.clock().mono() - began);
      probe_.objects.add();
      probe_.records.add(intent.records());
      probe_.bytes.add(intent.bytes());
    }
    return stored(line, intent);
  }
  base::Error error = std::move(done).error();
  if (error.code != Code::cancelled) {
    probe_.failed[static_cast<std::size_t>(error.code)].add();
    now.begun = false;
    // The row only tells a later start that there was an attempt: without it it still goes on.
    if (auto noted = parts_.journal.attempt(intent, now); !noted && parts_.logger) {
      parts_.logger->warning("cannot note a failed attempt", {{"error", noted.error().what}});
    }
    const base::Lock lock(mutex_);
    for (OpenIntent& open : line->open) {
      if (open.intent.batch == intent.batch) open.attempt = now;
    }
  }
  failed(line, intent, error);
}

// What is stored the log may let go. A stream that was dropped meanwhile holds nothing.
void Engine::hold(const LinePtr& line, const Lows& lows) {
  const log::HolderId holder(line->reader->id().raw());
  for (const auto& [shard, low] : lows) parts_.log.hold(holder, shard, log::Place(low));
  bool gone = false;
  {
    const base::Lock lock(mutex_);
    gone = line->gone;
  }
  if (gone) parts_.log.drop_holder(holder);
}

void Engine::stored(const LinePtr& line, const Intent& intent) {
  const base::Lock lock(mutex_);
  std::erase_if(line->open,
                [&](const OpenIntent& open) { return open.intent.batch == intent.batch; });
  --line->in_work;
  building_bytes_ -= intent.bytes();
  ++line->objects;
  line->last_error.clear();
}

void Engine::failed(const LinePtr& line, const Intent& intent, const base::Error& error) {
  const base::MonoTime now = parts_.runtime.clock().mono();
  const bool damaged = error.code == Code::corrupt;
  {
    const base::Lock lock(mutex_);
    --line->in_work;
    building_bytes_ -= intent.bytes();
    for (OpenIntent& open : line->open) {
      if (open.intent.batch != intent.batch) continue;
      open.in_work = false;
      if (error.code == Code::cancelled) continue;
      open.damaged = damaged;
      open.due = now + pause(++open.failures);
      open.error = intent.key + ": " + error.what;
      line->last_error = open.error;
    }
  }
  if (error.code == Code::cancelled || !parts_.logger) return;
  if (damaged) {
    parts_.logger->error("a delivery is damaged: its records cannot be read",
                         {{"arn", line->stream.arn}, {"key", intent.key}, {"error", error.what}});
  } else {
    parts_.logger->warning("cannot store an object, will try again",
                           {{"arn", line->stream.arn}, {"key", intent.key}, {"error", error.what}});
  }
}

// A deletion comes to its end, one way or the other.
void Engine::end(const LinePtr& line) {
  const DeliveryId id = line->reader->id();
  const StreamKey key = line->stream.key;  // constant
  bool empty = false;
  std::string why;
  {
    const base::Lock lock(mutex_);
    empty = drained(*line);
    std::uint64_t records = line->buffered.records();
    for (const OpenIntent& open : line->open) records += open.intent.records();
    why = "Not delivered in time: " + std::to_string(records) + " records. " + line->last_error;
  }
  const Result<void> ended = empty ? parts_.remove(key, id) : parts_.drain_failed(key, why);
  if (ended && empty) return drop(id);
  const base::MonoTime now = parts_.runtime.clock().mono();
  const base::Lock lock(mutex_);
  line->ending = false;
  if (!ended) {
    line->read_due = now + pause(++line->read_failures);
    line->last_error = ended.error().what;
    return;
  }
  line->stream.state = DeliveryState::deleting_failed;
  line->stream.failure = why;
  line->drain_until = base::MonoTime::never();
}

}  // namespace hyd::delivery
