#include "log/slot_scan.h"

#include "log/recover.h"

#include <algorithm>

namespace hyd::log {

using base::Result;

namespace {

void keep(ScannedSlot& slot, const ScannedCommit& commit, std::string_view bytes) {
  if (commit.header.segment > slot.segment) {
    slot.older.insert(slot.older.end(), slot.commits.begin(), slot.commits.end());
    slot.commits.clear();
    slot.meanings.clear();
    slot.segment = commit.header.segment;
  }
  if (commit.header.segment < slot.segment) {
    slot.older.push_back(commit);
    return;
  }
  slot.commits.push_back(commit);
  for (std::uint32_t i = 0; i < commit.header.meanings; ++i) {
    const Meaning meaning =
        read_meaning(bytes.substr(kCommitHeaderBytes + i * kMeaningBytes, kMeaningBytes));
    slot.meanings.emplace(meaning.shard, meaning);
  }
}

// Every block may begin a commit: several were in flight, so one may be missing before another, and
// a damaged one hides nothing behind it.
void scan_commits(ScannedSlot& slot, std::string_view whole, const base::Uid& log_uid) {
  for (std::size_t at = 0; at + sys::kBlockBytes <= whole.size();) {
    const auto header = read_commit_header(whole.substr(at, sys::kBlockBytes), log_uid);
    if (!header && is_commit_of_another_log(whole.substr(at, sys::kBlockBytes), log_uid)) {
      slot.foreign = true;
    }
    if (!header || header->file_bytes() > whole.size() - at ||
        !commit_is_whole(*header, whole.substr(at))) {
      if (header) slot.broken.push_back({.header = *header, .offset = at});
      at += sys::kBlockBytes;
      continue;
    }
    keep(slot, {.header = *header, .offset = at}, whole.substr(at));
    at += static_cast<std::size_t>(header->file_bytes());
  }
}

}  // namespace

Result<ScannedSlot> scan_slot(sys::Dir& dir, std::uint32_t slot, std::uint64_t promised,
                              const base::Uid& log_uid) {
  const std::string path = slot_path(slot);
  ASSIGN_OR_RETURN(auto file, dir.open(path, sys::Open::read, sys::Caching::direct));
  ScannedSlot found{.slot = slot};
  ASSIGN_OR_RETURN(found.file_bytes, file->size());
  const std::uint64_t blocks = found.file_bytes / sys::kBlockBytes;
  if (blocks == 0) return found;

  std::optional<Footer> footer;
  auto block = sys::SharedBytes::make(sys::kBlockBytes, [&](std::span<char> out) {
    static_cast<void>(file->read_at((blocks - 1) * sys::kBlockBytes, out));
  });
  if (const auto length = footer_length(block.view(), log_uid);
      length && *length <= blocks * sys::kBlockBytes) {
    auto bytes =
        sys::SharedBytes::make(static_cast<std::size_t>(*length), [&](std::span<char> out) {
          static_cast<void>(file->read_at(blocks * sys::kBlockBytes - *length, out));
        });
    if (auto read = read_footer(bytes.view(), log_uid)) footer = *std::move(read);
  }
  if (footer && footer->segment == promised) {
    found.segment = footer->segment;
    found.footer = std::move(footer);
    return found;
  }
  const SlotBytes whole = read_slot(*file, 0, blocks * sys::kBlockBytes);
  found.unreadable = whole.unreadable;
  found.segment = promised;  // the slot's row outranks a former life in it
  scan_commits(found, whole.bytes.view(), log_uid);
  if (footer && footer->segment >= found.segment) {
    found.segment = footer->segment;
    found.footer = std::move(footer);
    found.commits.clear();
  }
  return found;
}

}  // namespace hyd::log
