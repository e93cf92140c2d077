#include "log/segment.h"

#include <algorithm>

namespace hyd::log {

void Segment::forget_from(std::uint64_t place) {
  for (auto it = shards.begin(); it != shards.end();) {
    SegmentShard& shard = it->second;
    frames -=
        std::erase_if(shard.frames, [&](const FrameAt& frame) { return frame.place >= place; });
    entries -= std::erase_if(shard.entries,
                             [&](const IndexEntry& entry) { return entry.place.raw() >= place; });
    // Frames are kept until every commit of the segment is durable, so they tell all.
    if (shard.frames.empty()) {
      it = shards.erase(it);
    } else {
      shard.last_place = shard.frames.back().place;
      ++it;
    }
  }
  if (first_place >= place) first_place = 0;
  last_place = first_place == 0 ? 0 : std::min(last_place, place - 1);
}

void Segment::drop_frames() {
  for (auto& [number_of, shard] : shards) std::vector<FrameAt>().swap(shard.frames);
  frames = 0;
}

void Segment::drop_entries() {
  for (auto& [number_of, shard] : shards) std::vector<IndexEntry>().swap(shard.entries);
  entries = 0;
}

Footer Segment::footer(const base::Uid& log_uid) const {
  Footer footer{.log_uid = log_uid,
                .epoch = epoch,
                .epoch_first_commit = epoch_first_commit,
                .segment = number,
                .first_commit = first_commit,
                .last_commit = last_commit,
                .first_place = first_place,
                .last_place = last_place,
                .end_offset = end,
                .newest_ms = newest_ms,
                .shards = {}};
  for (const auto& [shard_number, shard] : shards) {
    footer.shards.push_back({.shard = shard_number,
                             .identity = shard.identity,
                             .last_place = Place(shard.last_place),
                             .entries = shard.entries});
  }
  // By number, so that the same segment always has the same footer.
  std::sort(footer.shards.begin(), footer.shards.end(),
            [](const ShardEntries& a, const ShardEntries& b) { return a.shard < b.shard; });
  return footer;
}

std::unique_ptr<Segment> Segment::of(const FoundSegment& found) {
  auto segment = std::make_unique<Segment>();
  segment->slot = found.slot;
  segment->number = found.segment;
  segment->epoch = found.epoch;
  segment->state = found.sealed ? State::sealed : State::closed;
  segment->footer_wanted = false;
  segment->capacity = found.file_bytes;
  segment->end = found.end_offset;
  segment->first_commit = found.first_commit;
  segment->last_commit = found.last_commit;
  segment->first_place = found.first_place;
  segment->last_place = found.last_place;
  segment->newest_ms = found.newest_ms;
  for (const auto& [number, shard] : found.shards) {
    SegmentShard& mine = segment->shards[number];
    mine.identity = shard.identity;
    mine.last_place = shard.last_place.raw();
    mine.entries = shard.entries;
    segment->entries += shard.entries.size();
  }
  return segment;
}

}  // namespace hyd::log
