#include "log/format.h"

#include "base/check.h"
#include "codec/checksum.h"

#include <cstring>

namespace hyd::log {

using base::Code;
using base::fail;

namespace {

constexpr std::uint64_t kCommitMagic = 0x31544d4344594815ULL;   // "\x15HYDCMT1"
constexpr std::uint64_t kTrailerMagic = 0x3152544644594815ULL;  // "\x15HYDFTR1"

// Where the checksum lies in a commit header.
constexpr std::size_t kCommitCrcAt = 116;

template <class T>
void put(std::span<char> out, std::size_t at, T value) {
  HYD_CHECK(at + sizeof value <= out.size());
  std::memcpy(out.data() + at, &value, sizeof value);
}

template <class T>
T get(std::string_view in, std::size_t at) {
  HYD_CHECK(at + sizeof(T) <= in.size());
  T value;
  std::memcpy(&value, in.data() + at, sizeof value);
  return value;
}

void put_uid(std::span<char> out, std::size_t at, const base::Uid& uid) {
  HYD_CHECK(at + 16 <= out.size());
  std::memcpy(out.data() + at, uid.bytes().data(), 16);
}

base::Uid get_uid(std::string_view in, std::size_t at) {
  HYD_CHECK(at + 16 <= in.size());
  std::array<std::uint8_t, 16> bytes;
  std::memcpy(bytes.data(), in.data() + at, 16);
  return base::Uid(bytes);
}

std::uint32_t commit_crc(std::string_view commit) {
  constexpr std::string_view kZero("\0\0\0\0", 4);
  std::uint32_t crc = codec::crc32c(commit.substr(0, kCommitCrcAt));
  crc = codec::crc32c(kZero, crc);
  return codec::crc32c(commit.substr(kCommitCrcAt + 4), crc);
}

// Layout of the fixed part of a footer's beginning and of its trailer.
constexpr std::size_t kFooterHeadBytes = 112;
constexpr std::size_t kFooterShardBytes = 40;
constexpr std::size_t kFooterEntryBytes = 24;

}  // namespace

void put_meaning(const Meaning& meaning, std::span<char> out) {
  put(out, 0, meaning.shard.raw());
  put(out, 4, meaning.identity.index);
  put_uid(out, 8, meaning.identity.stream);
}

Meaning read_meaning(std::string_view bytes) {
  return {.shard = ShardNumber(get<std::uint32_t>(bytes, 0)),
          .identity = {.stream = get_uid(bytes, 8), .index = get<std::uint32_t>(bytes, 4)}};
}

void close_commit(const CommitHeader& header, std::span<char> commit) {
  HYD_CHECK(commit.size() >= header.used_bytes());
  put(commit, 0, kCommitMagic);
  put(commit, 8, kFormatVersion);
  put(commit, 12, std::uint32_t{0});
  put_uid(commit, 16, header.log_uid);
  put(commit, 32, header.epoch);
  put(commit, 40, header.epoch_first_commit);
  put(commit, 48, header.segment);
  put(commit, 56, header.commit);
  put(commit, 64, header.first_place);
  put(commit, 72, header.durable_commit);
  put(commit, 80, header.durable_place);
  put(commit, 88, header.body_bytes);
  put(commit, 92, header.records);
  put(commit, 96, header.meanings);
  put(commit, 100, std::uint32_t{0});
  put(commit, 104, header.time_ms);
  put(commit, 112, std::uint32_t{0});
  put(commit, kCommitCrcAt, std::uint32_t{0});
  put(commit, 120, std::uint64_t{0});
  put(commit, kCommitCrcAt,
      commit_crc(std::string_view(commit.data(), static_cast<std::size_t>(header.used_bytes()))));
}

std::optional<CommitHeader> read_commit_header(std::string_view bytes, const base::Uid& log_uid) {
  if (bytes.size() < kCommitHeaderBytes || get<std::uint64_t>(bytes, 0) != kCommitMagic ||
      get<std::uint32_t>(bytes, 8) != kFormatVersion || get_uid(bytes, 16) != log_uid) {
    return std::nullopt;
  }
  CommitHeader header{.log_uid = log_uid,
                      .epoch = get<std::uint64_t>(bytes, 32),
                      .epoch_first_commit = get<std::uint64_t>(bytes, 40),
                      .segment = get<std::uint64_t>(bytes, 48),
                      .commit = get<std::uint64_t>(bytes, 56),
                      .first_place = get<std::uint64_t>(bytes, 64),
                      .durable_commit = get<std::uint64_t>(bytes, 72),
                      .durable_place = get<std::uint64_t>(bytes, 80),
                      .body_bytes = get<std::uint32_t>(bytes, 88),
                      .records = get<std::uint32_t>(bytes, 92),
                      .meanings = get<std::uint32_t>(bytes, 96),
                      .time_ms = get<std::int64_t>(bytes, 104)};
  if (std::uint64_t{header.meanings} * kMeaningBytes > header.body_bytes) return std::nullopt;
  return header;
}

bool is_commit_of_another_log(std::string_view bytes, const base::Uid& log_uid) {
  return bytes.size() >= kCommitHeaderBytes && get<std::uint64_t>(bytes, 0) == kCommitMagic &&
         get_uid(bytes, 16) != log_uid;
}

std::optional<base::Uid> log_of_commit(std::string_view bytes) {
  if (bytes.size() < kCommitHeaderBytes || get<std::uint64_t>(bytes, 0) != kCommitMagic) {
    return std::nullopt;
  }
  return get_uid(bytes, 16);
}

bool commit_is_whole(const CommitHeader& header, std::string_view commit) {
  if (commit.size() < header.used_bytes()) return false;
  commit = commit.substr(0, static_cast<std::size_t>(header.used_bytes()));
  return commit_crc(commit) == get<std::uint32_t>(commit, kCommitCrcAt);
}

void append_frame(const NewRecord& record, std::string& out) {
  const std::size_t bytes = frame_bytes(record);
  const std::size_t at = out.size();
  out.resize_and_overwrite(at + bytes, [&](char* memory, std::size_t) {
    const std::span<char> frame(memory + at, bytes);
    std::uint32_t crc = codec::crc32c(record.key);
    crc = codec::crc32c(record.data, crc);
    put(frame, 0, static_cast<std::uint32_t>(bytes));
    put(frame, 4, record.shard.raw());
    put(frame, 8, std::uint64_t{0});
    put(frame, 16, std::int64_t{0});
    put(frame, 24, static_cast<std::uint32_t>(record.data.size()));
    put(frame, 28, static_cast<std::uint16_t>(record.key.size()));
    put(frame, 30, std::uint16_t{0});
    put(frame, 32, crc);
    put(frame, 36, std::uint32_t{0});
    char* body = frame.data() + kFrameHeaderBytes;
    if (!record.key.empty()) std::memcpy(body, record.key.data(), record.key.size());
    body += record.key.size();
    if (!record.data.empty()) std::memcpy(body, record.data.data(), record.data.size());
    return at + bytes;  // the library may offer more than was asked for
  });
}

void close_frame(std::span<char> frame, Place place, std::int64_t arrival_ms) {
  put(frame, 8, place.raw());
  put(frame, 16, arrival_ms);
  put(frame, 36, codec::crc32c(std::string_view(frame.data(), 36)));
}

std::uint32_t frame_length(std::string_view frame) { return get<std::uint32_t>(frame, 0); }

ShardNumber frame_shard(std::string_view frame) {
  return ShardNumber(get<std::uint32_t>(frame, 4));
}

std::optional<FrameHeader> read_frame_header(std::string_view bytes) {
  if (bytes.size() < kFrameHeaderBytes ||
      codec::crc32c(bytes.substr(0, 36)) != get<std::uint32_t>(bytes, 36)) {
    return std::nullopt;
  }
  const FrameHeader header{.frame_bytes = get<std::uint32_t>(bytes, 0),
                           .shard = ShardNumber(get<std::uint32_t>(bytes, 4)),
                           .place = Place(get<std::uint64_t>(bytes, 8)),
                           .arrival_ms = get<std::int64_t>(bytes, 16),
                           .data_bytes = get<std::uint32_t>(bytes, 24),
                           .key_bytes = get<std::uint16_t>(bytes, 28),
                           .body_crc = get<std::uint32_t>(bytes, 32)};
  const std::uint64_t body = std::uint64_t{header.data_bytes} + header.key_bytes;
  if (kFrameHeaderBytes + body != header.frame_bytes || bytes.size() < header.frame_bytes) {
    return std::nullopt;
  }
  return header;
}

bool frame_body_is_whole(const FrameHeader& header, std::string_view frame) {
  return codec::crc32c(frame.substr(kFrameHeaderBytes, header.frame_bytes - kFrameHeaderBytes)) ==
         header.body_crc;
}

ReadRecord record_of(const FrameHeader& header, std::string_view frame) {
  return {.place = header.place,
          .arrival_ms = header.arrival_ms,
          .key = frame.substr(kFrameHeaderBytes, header.key_bytes),
          .data = frame.substr(kFrameHeaderBytes + header.key_bytes, header.data_bytes)};
}

std::uint64_t footer_file_bytes(std::size_t shards, std::size_t entries) {
  return whole_blocks(kFooterHeadBytes + shards * kFooterShardBytes + entries * kFooterEntryBytes +
                      kTrailerBytes);
}

void write_footer(const Footer& footer, std::span<char> out) {
  put_uid(out, 0, footer.log_uid);
  put(out, 16, footer.epoch);
  put(out, 24, footer.segment);
  put(out, 32, footer.first_commit);
  put(out, 40, footer.last_commit);
  put(out, 48, footer.first_place);
  put(out, 56, footer.last_place);
  put(out, 64, footer.end_offset);
  put(out, 72, footer.newest_ms);
  put(out, 80, static_cast<std::uint64_t>(footer.shards.size()));
  put(out, 88, footer.epoch_first_commit);
  put(out, 96, std::uint64_t{0});   // a time index and retry entries follow the shards one day:
  put(out, 104, std::uint64_t{0});  // their offset and length go here
  std::size_t at = kFooterHeadBytes;
  for (const ShardEntries& shard : footer.shards) {
    put(out, at, shard.shard.raw());
    put(out, at + 4, shard.identity.index);
    put_uid(out, at + 8, shard.identity.stream);
    put(out, at + 24, shard.last_place.raw());
    put(out, at + 32, static_cast<std::uint64_t>(shard.entries.size()));
    at += kFooterShardBytes;
    for (const IndexEntry& entry : shard.entries) {
      put(out, at, entry.place.raw());
      put(out, at + 8, entry.time_ms);
      put(out, at + 16, entry.commit_offset);
      at += kFooterEntryBytes;
    }
  }
  const std::size_t trailer = out.size() - kTrailerBytes;
  HYD_CHECK(at <= trailer);
  put(out, trailer, kTrailerMagic);
  put(out, trailer + 8, kFormatVersion);
  put_uid(out, trailer + 16, footer.log_uid);
  put(out, trailer + 32, footer.segment);
  put(out, trailer + 40, static_cast<std::uint64_t>(out.size()));
  put(out, trailer + 12, codec::crc32c(std::string_view(out.data(), trailer)));
}

std::optional<std::uint64_t> footer_length(std::string_view last_block, const base::Uid& log_uid) {
  if (last_block.size() < kTrailerBytes) return std::nullopt;
  const std::string_view trailer = last_block.substr(last_block.size() - kTrailerBytes);
  if (get<std::uint64_t>(trailer, 0) != kTrailerMagic ||
      get<std::uint32_t>(trailer, 8) != kFormatVersion || get_uid(trailer, 16) != log_uid) {
    return std::nullopt;
  }
  const auto length = get<std::uint64_t>(trailer, 40);
  if (length == 0 || length % sys::kBlockBytes != 0) return std::nullopt;
  return length;
}

std::optional<std::uint64_t> footer_segment(std::string_view last_block, const base::Uid& log_uid) {
  if (!footer_length(last_block, log_uid)) return std::nullopt;
  return get<std::uint64_t>(last_block, last_block.size() - kTrailerBytes + 32);
}

base::Result<Footer> read_footer(std::string_view bytes, const base::Uid& log_uid) {
  const auto length = footer_length(bytes, log_uid);
  if (!length || *length != bytes.size()) return fail(Code::corrupt, "footer: no trailer");
  const std::size_t trailer = bytes.size() - kTrailerBytes;
  if (codec::crc32c(bytes.substr(0, trailer)) != get<std::uint32_t>(bytes, trailer + 12)) {
    return fail(Code::corrupt, "footer: checksum differs");
  }
  Footer footer{.log_uid = get_uid(bytes, 0),
                .epoch = get<std::uint64_t>(bytes, 16),
                .epoch_first_commit = get<std::uint64_t>(bytes, 88),
                .segment = get<std::uint64_t>(bytes, 24),
                .first_commit = get<std::uint64_t>(bytes, 32),
                .last_commit = get<std::uint64_t>(bytes, 40),
                .first_place = get<std::uint64_t>(bytes, 48),
                .last_place = get<std::uint64_t>(bytes, 56),
                .end_offset = get<std::uint64_t>(bytes, 64),
                .newest_ms = get<std::int64_t>(bytes, 72),
                .shards = {}};
  const auto shards = get<std::uint64_t>(bytes, 80);
  std::size_t at = kFooterHeadBytes;
  for (std::uint64_t i = 0; i < shards; ++i) {
    if (at + kFooterShardBytes > trailer) return fail(Code::corrupt, "footer: too short");
    ShardEntries shard{
        .shard = ShardNumber(get<std::uint32_t>(bytes, at)),
        .identity = {.stream = get_uid(bytes, at + 8), .index = get<std::uint32_t>(bytes, at + 4)},
        .last_place = Place(get<std::uint64_t>(bytes, at + 24)),
        .entries = {}};
    const auto entries = get<std::uint64_t>(bytes, at + 32);
    at += kFooterShardBytes;
    if (entries > (trailer - at) / kFooterEntryBytes) {
      return fail(Code::corrupt, "footer: too short");
    }
    for (std::uint64_t k = 0; k < entries; ++k, at += kFooterEntryBytes) {
      shard.entries.push_back({.place = Place(get<std::uint64_t>(bytes, at)),
                               .time_ms = get<std::int64_t>(bytes, at + 8),
                               .commit_offset = get<std::uint64_t>(bytes, at + 16)});
    }
    footer.shards.push_back(std::move(shard));
  }
  return footer;
}

}  // namespace hyd::log
