// A journal made by hand, commit by commit, on a simulated disk: what tests of recovery and of
// verification read, damage and read again.
#pragma once

#include "base/check.h"
#include "log/format.h"
#include "log/recover.h"
#include "sys/sim/sim_disk.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::log {

class JournalImage {
 public:
  static constexpr std::uint64_t kSlotBytes = 256u << 10;

  JournalImage() {
    rows.log_uid = base::Uid({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    rows.epochs.push_back({.epoch = 1, .first_commit = 1, .first_place = 1});
  }

  struct Commit {
    std::uint32_t slot = 1;
    std::uint64_t commit = 0;
    std::uint64_t first_place = 0;
    std::uint32_t records = 1;
    std::uint64_t durable = 0;  // the mark in its header: this commit and all before it
    std::uint64_t segment = 0;  // 0: the slot's number
    std::uint64_t epoch = 1;
    std::uint64_t epoch_first_commit = 1;
    std::uint32_t shard = 7;
    std::size_t data_bytes = 10;
    std::int64_t time_ms = 1000;
  };

  // Behind the slot's last one; tells where in the file it lies.
  std::uint64_t add(const Commit& commit) {
    Slot& slot = slots_[commit.slot];
    const std::uint64_t segment = commit.segment == 0 ? commit.slot : commit.segment;
    slot.segment = segment;
    const bool fresh = slot.shards[commit.shard].entries.empty();
    std::string bytes(kCommitHeaderBytes + (fresh ? kMeaningBytes : 0), '\0');
    const ShardNumber shard(commit.shard);
    if (fresh) {
      put_meaning({.shard = shard, .identity = {.stream = {}, .index = commit.shard}},
                  std::span(bytes).subspan(kCommitHeaderBytes));
    }
    const std::string data(commit.data_bytes, 'd');
    for (std::uint32_t i = 0; i < commit.records; ++i) {
      const std::size_t at = bytes.size();
      append_frame({.shard = shard, .key = "k", .data = data}, bytes);
      close_frame(std::span(bytes).subspan(at), Place(commit.first_place + i), commit.time_ms);
    }
    const CommitHeader header{
        .log_uid = rows.log_uid,
        .epoch = commit.epoch,
        .epoch_first_commit = commit.epoch_first_commit,
        .segment = segment,
        .commit = commit.commit,
        .first_place = commit.first_place,
        .durable_commit = commit.durable,
        .durable_place = commit.durable == 0 ? 1 : commit.first_place,
        .body_bytes = static_cast<std::uint32_t>(bytes.size() - kCommitHeaderBytes),
        .records = commit.records,
        .meanings = fresh ? 1u : 0u,
        .time_ms = commit.time_ms};
    close_commit(header, bytes);
    const std::uint64_t offset = slot.bytes.size();
    note(slot, commit, offset);
    bytes.resize(static_cast<std::size_t>(header.file_bytes()), '\0');
    slot.bytes += bytes;
    return offset;
  }

  // Writes the footer of what the slot holds so far.
  void seal(std::uint32_t slot) { slots_.at(slot).sealed = true; }

  // Everything onto the disk; call again after `add` to write anew.
  sys::SimDisk& write() {
    HYD_CHECK(disk.make_dirs(kJournalFolder).has_value());
    for (auto& [number, slot] : slots_) {
      std::string whole = slot.bytes;
      whole.resize(kSlotBytes, '\0');
      if (slot.sealed) put_footer(slot, whole);
      auto file = disk.open(slot_path(number), sys::Open::create, sys::Caching::direct);
      HYD_CHECK(file.has_value());
      const auto written = (*file)->write_at(0, whole);
      HYD_CHECK(written.has_value());
      std::erase_if(rows.slots, [n = number](const SlotRow& row) { return row.slot == n; });
      rows.slots.push_back({.slot = number, .segment = slot.segment});
    }
    return disk;
  }

  sys::SimDisk disk;
  LogRows rows;

 private:
  struct Slot {
    std::uint64_t segment = 0;
    std::string bytes;
    std::map<std::uint32_t, ShardEntries> shards;
    Footer footer;
    bool sealed = false;
  };

  void note(Slot& slot, const Commit& commit, std::uint64_t offset) {
    Footer& footer = slot.footer;
    if (footer.first_commit == 0) footer.first_commit = commit.commit;
    if (footer.first_place == 0) footer.first_place = commit.first_place;
    footer.last_commit = commit.commit;
    footer.last_place = commit.first_place + commit.records - 1;
    footer.newest_ms = commit.time_ms;
    footer.epoch = commit.epoch;
    footer.epoch_first_commit = commit.epoch_first_commit;
    ShardEntries& shard = slot.shards[commit.shard];
    shard.shard = ShardNumber(commit.shard);
    shard.identity.index = commit.shard;
    shard.last_place = Place(footer.last_place);
    if (shard.entries.empty() || offset >= shard.entries.back().commit_offset + kEntryEveryBytes) {
      shard.entries.push_back(
          {.place = Place(commit.first_place), .time_ms = commit.time_ms, .commit_offset = offset});
    }
  }

  void put_footer(Slot& slot, std::string& whole) {
    Footer footer = slot.footer;
    footer.log_uid = rows.log_uid;
    footer.segment = slot.segment;
    footer.end_offset = slot.bytes.size();
    std::size_t entries = 0;
    for (const auto& [number, shard] : slot.shards) {
      footer.shards.push_back(shard);
      entries += shard.entries.size();
    }
    const auto length = static_cast<std::size_t>(footer_file_bytes(footer.shards.size(), entries));
    HYD_CHECK(slot.bytes.size() + length <= whole.size());
    write_footer(footer, std::span(whole).subspan(whole.size() - length));
  }

  std::map<std::uint32_t, Slot> slots_;
};

}  // namespace hyd::log
