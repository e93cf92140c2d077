#include "delivery/reader.h"

#include <algorithm>
#include <utility>

namespace hyd::delivery {

using base::Result;

namespace {

// What a record costs beside its bytes, so that a slice of empty records ends too.
constexpr std::uint64_t kRecordCost = 64;

log::HolderId holder(DeliveryId id) { return log::HolderId(id.raw()); }

}  // namespace

std::vector<Mark> marks_of(const std::vector<Source>& sources, std::uint64_t start) {
  std::vector<Mark> marks;
  for (const Source& source : sources) {
    for (const SourceShard& shard : source.shards) {
      const std::uint64_t from = std::max({start, shard.first.raw(), std::uint64_t{1}});
      if (shard.last && shard.last->raw() < from) continue;
      marks.push_back({.shard = shard.number, .low = from - 1, .assigned = from - 1});
    }
  }
  return marks;
}

Reader::Reader(Parts parts, Of of, const std::vector<Mark>& marks)
    : parts_(parts), of_(std::move(of)) {
  for (const Mark& mark : marks) {
    shards_[mark.shard].cursor = mark.assigned + 1;
    parts_.log.hold(holder(of_.id), mark.shard, log::Place(mark.low));
  }
}

// Shards that the picture shows for the first time get a mark before any of their records is taken:
// from then on they are read to their end, whatever becomes of the stream.
Result<void> Reader::adopt(const std::vector<Source>& sources) {
  for (auto& [number, shard] : shards_) shard.listed = false;
  std::vector<Mark> fresh = marks_of(sources, of_.start);
  std::erase_if(fresh, [&](const Mark& mark) { return shards_.contains(mark.shard); });
  if (!fresh.empty()) RETURN_IF_ERROR(parts_.journal.adopt(of_.id, fresh));
  for (const Mark& mark : fresh) {
    shards_.emplace(mark.shard, Shard{.cursor = mark.assigned + 1});
    parts_.log.hold(holder(of_.id), mark.shard, log::Place(mark.low));
  }
  for (const Source& source : sources) {
    for (const SourceShard& shard : source.shards) {
      const auto known = shards_.find(shard.number);
      if (known == shards_.end()) continue;
      known->second.listed = true;
      known->second.exhausted = false;
      if (shard.last) known->second.last = shard.last->raw();
    }
  }
  return {};
}

std::vector<Stretch> Reader::stretches(std::uint64_t end) const {
  std::vector<Stretch> all;
  for (const auto& [number, shard] : shards_) {
    if (shard.exhausted || shard.cursor >= end) continue;
    if (shard.last && shard.cursor > *shard.last) continue;
    // What is owed of a closed shard is held, so the log knows it for as long as it matters.
    all.push_back({.shard = number,
                   .from = shard.cursor,
                   .to = end,
                   .may_be_gone = !shard.listed || shard.last.has_value()});
  }
  return all;
}

Result<bool> Reader::close(const Limits& limits, std::size_t& room) {
  if (room == 0) return false;
  RETURN_IF_ERROR(parts_.runtime.fail_points().pass("delivery.buffer.closed"));
  Intent intent{.batch = make_batch(limits.now_ms, parts_.runtime.entropy()),
                .delivery = of_.id,
                .version = of_.plan.version,
                .inputs = buffer_.ranges(),
                .key = {},
                .created_ms = limits.now_ms,
                .oldest_ms = buffer_.oldest_ms()};
  intent.key = of_.plan.key_of(intent.oldest_ms, intent.batch, parts_.runtime.entropy());
  RETURN_IF_ERROR(parts_.journal.open(intent));
  --room;
  buffer_ = Buffer();
  limits.opened(intent);
  RETURN_IF_ERROR(parts_.runtime.fail_points().pass("delivery.intent"));
  return true;
}

// Takes records until the slice is used up, no intent may be opened, or nothing is left.
Result<Reader::Slice> Reader::read(Merge& merge, const Limits& limits, std::size_t& room) {
  std::uint64_t taken = 0;
  for (;;) {
    if (buffer_.bytes() >= of_.plan.buffer_bytes) {
      ASSIGN_OR_RETURN(const bool closed, close(limits, room));
      if (!closed) return Slice{.full = true};
    }
    if (taken >= limits.bytes_max) return Slice{};
    ASSIGN_OR_RETURN(const std::optional<Merge::Record> record, merge.peek());
    if (!record) return Slice{.caught_up = true};
    if (!buffer_.empty() && record->arrival_ms - buffer_.oldest_ms() >= of_.plan.interval_ms) {
      ASSIGN_OR_RETURN(const bool closed, close(limits, room));
      if (!closed) return Slice{.full = true};
    }
    buffer_.add({.shard = record->shard,
                 .place = record->place,
                 .arrival_ms = record->arrival_ms,
                 .data_bytes = record->data.size(),
                 .delimiter_bytes = of_.plan.delimiter.size()});
    shards_[record->shard].cursor = record->place + 1;
    taken += record->data.size() + kRecordCost;
    merge.take();
  }
}

void Reader::caught_up(std::uint64_t end, bool capped) {
  for (auto& [number, shard] : shards_) {
    shard.cursor = std::max(shard.cursor, end);
    // The picture is older than the mark: what it does not list had been closed before.
    if (!shard.listed && !capped) shard.exhausted = true;
  }
}

std::vector<log::ShardNumber> Reader::passed() const {
  std::vector<log::ShardNumber> all;
  for (const auto& [number, shard] : shards_) {
    if (shard.last && shard.cursor > *shard.last) all.push_back(number);
  }
  return all;
}

// Whoever forgot the stream saw that nothing was owed, so a mark that stays is an exception; it is
// tried again at the next start.
Result<void> Reader::retire() {
  std::vector<log::ShardNumber> ended;
  for (const auto& [number, shard] : shards_) {
    if (shard.exhausted && !shard.kept) ended.push_back(number);
  }
  if (ended.empty()) return {};
  for (const Range& buffered : buffer_.ranges()) std::erase(ended, buffered.shard);
  if (ended.empty()) return {};
  ASSIGN_OR_RETURN(const std::vector<log::ShardNumber> retired,
                   parts_.journal.retire(of_.id, ended));
  for (const log::ShardNumber number : ended) shards_[number].kept = true;
  for (const log::ShardNumber number : retired) shards_.erase(number);
  return {};
}

Result<void> Reader::look_at_source() { return adopt(parts_.sources.find(of_.source_arn)); }

Result<Reader::Slice> Reader::slice(const Limits& limits) {
  const std::vector<Source> sources = parts_.sources.find(of_.source_arn);
  const std::uint64_t mark = parts_.log.end(log::Mark::durable).raw();
  const bool capped = limits.drain_to != 0 && limits.drain_to < mark;
  const std::uint64_t end = capped ? limits.drain_to : mark;
  RETURN_IF_ERROR(adopt(sources));

  std::size_t room = limits.intents_max;
  Merge merge({.runtime = parts_.runtime, .log = parts_.log, .stopping = limits.stopping},
              stretches(end), limits.bytes_max);
  ASSIGN_OR_RETURN(Slice slice, read(merge, limits, room));
  if (!slice.caught_up) return slice;
  caught_up(end, capped);
  slice.read_to = end;
  const bool drained = limits.drain_to != 0 && end >= limits.drain_to;
  const bool due = limits.now_ms - buffer_.oldest_ms() >= of_.plan.interval_ms;
  if (!buffer_.empty() && (drained || due)) {
    ASSIGN_OR_RETURN(const bool closed, close(limits, room));
    slice.full = !closed;
  }
  RETURN_IF_ERROR(retire());
  return slice;
}

}  // namespace hyd::delivery
