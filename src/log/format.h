// The bytes of a segment: commits, the frames in them, and the footer of a sealed one.
// docs/formats/journal.md has the same in prose, with a worked example.
//
//   slot file:  | commit | commit | …            | footer … trailer |   whole blocks of 4 KiB each
//   commit:     | header 128 | meanings 24 each | frames | zeros up to a block |
//   frame:      | header 40 | key | data |
//
// Little-endian. A commit is valid when its magic and version fit, its log uid is this log's, and
// the crc32c over header (crc field as zero) and everything up to the padding matches. The uid is
// random and never shown, so no client can put a commit into its data. A frame has two checksums of
// its own: over its body, and over its header, which names shard and place: a reader compares both
// with what it asked for, since slots are used again.
#pragma once

#include "base/result.h"
#include "base/uid.h"
#include "log/log.h"
#include "sys/file.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::log {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kCommitHeaderBytes = 128;
inline constexpr std::size_t kMeaningBytes = 24;
inline constexpr std::size_t kFrameHeaderBytes = 40;
inline constexpr std::size_t kTrailerBytes = 64;

constexpr std::uint64_t whole_blocks(std::uint64_t bytes) {
  return (bytes + sys::kBlockBytes - 1) / sys::kBlockBytes * sys::kBlockBytes;
}

struct CommitHeader {
  base::Uid log_uid;
  std::uint64_t epoch = 0;
  std::uint64_t epoch_first_commit = 0;
  std::uint64_t segment = 0;
  std::uint64_t commit = 0;
  std::uint64_t first_place = 0;
  // What was synced when this was written: that commit and all before it, places below that one.
  std::uint64_t durable_commit = 0;
  std::uint64_t durable_place = 0;
  std::uint32_t body_bytes = 0;  // meanings and frames, padding left out
  std::uint32_t records = 0;
  std::uint32_t meanings = 0;
  std::int64_t time_ms = 0;  // the arrival time of its records

  std::uint64_t used_bytes() const { return kCommitHeaderBytes + body_bytes; }
  std::uint64_t file_bytes() const { return whole_blocks(used_bytes()); }
};

struct Meaning {
  ShardNumber shard;
  ShardIdentity identity;
};

struct FrameHeader {
  std::uint32_t frame_bytes = 0;
  ShardNumber shard;
  Place place;
  std::int64_t arrival_ms = 0;
  std::uint32_t data_bytes = 0;
  std::uint16_t key_bytes = 0;
  std::uint32_t body_crc = 0;
};

// --- commits
// Writes the header over `commit`, whose body is complete, and closes it with the checksum.
// `commit` is used_bytes long or longer.
void close_commit(const CommitHeader& header, std::span<char> commit);
void put_meaning(const Meaning& meaning, std::span<char> out);
// The header alone, its checksum not yet compared (the body is needed for that). Nothing when it is
// no header of this log.
std::optional<CommitHeader> read_commit_header(std::string_view bytes, const base::Uid& log_uid);
bool is_commit_of_another_log(std::string_view bytes, const base::Uid& log_uid);
// Whose commit begins here, if one does; of any log, its checksum not compared.
std::optional<base::Uid> log_of_commit(std::string_view bytes);
// Whether the checksum fits; `commit` holds used_bytes or more.
bool commit_is_whole(const CommitHeader& header, std::string_view commit);
Meaning read_meaning(std::string_view bytes);

// --- frames
// Appends a frame whose place, time and header checksum are still open.
void append_frame(const NewRecord& record, std::string& out);
constexpr std::size_t frame_bytes(const NewRecord& record) {
  return kFrameHeaderBytes + record.key.size() + record.data.size();
}
// Fills in what only the journal knows.
void close_frame(std::span<char> frame, Place place, std::int64_t arrival_ms);
std::uint32_t frame_length(std::string_view frame);
ShardNumber frame_shard(std::string_view frame);
// The header when its checksum fits and the frame lies within `bytes`.
std::optional<FrameHeader> read_frame_header(std::string_view bytes);
// Whether the body fits its checksum.
bool frame_body_is_whole(const FrameHeader& header, std::string_view frame);
ReadRecord record_of(const FrameHeader& header, std::string_view frame);

// --- footer
// Of one shard in a segment, at most one entry for each 64 KiB of file: where to begin to scan.
struct IndexEntry {
  Place place;  // of the first record at or behind `commit_offset`
  std::int64_t time_ms = 0;
  std::uint64_t commit_offset = 0;
  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};
inline constexpr std::uint64_t kEntryEveryBytes = 64u << 10;

struct ShardEntries {
  ShardNumber shard;
  ShardIdentity identity;
  Place last_place;
  std::vector<IndexEntry> entries;
  friend bool operator==(const ShardEntries&, const ShardEntries&) = default;
};

struct Footer {
  base::Uid log_uid;
  std::uint64_t epoch = 0;
  std::uint64_t epoch_first_commit = 0;
  std::uint64_t segment = 0;
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
  std::uint64_t first_place = 0;
  std::uint64_t last_place = 0;
  std::uint64_t end_offset = 0;  // behind the last commit
  std::int64_t newest_ms = 0;
  std::vector<ShardEntries> shards;
};

// Length in whole blocks of a footer with that many shards and entries.
std::uint64_t footer_file_bytes(std::size_t shards, std::size_t entries);
// Fills `out`, whose size is footer_file_bytes; it ends with the trailer and belongs at the slot's
// end.
void write_footer(const Footer& footer, std::span<char> out);
// The footer's length by the last block of a slot; nothing when there is no trailer of this log.
std::optional<std::uint64_t> footer_length(std::string_view last_block, const base::Uid& log_uid);
// Which segment that footer is of.
std::optional<std::uint64_t> footer_segment(std::string_view last_block, const base::Uid& log_uid);
// `bytes` are the last footer_length bytes of the slot.
base::Result<Footer> read_footer(std::string_view bytes, const base::Uid& log_uid);

}  // namespace hyd::log
