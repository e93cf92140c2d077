#include "streams/tables.h"

#include "streams/streams.h"

#include <algorithm>
#include <map>
#include <utility>

namespace hyd::streams {

using base::Result;
using base::Uid;
using catalog::Bind;
using catalog::Queryable;
using catalog::Statement;
using catalog::Transaction;

namespace {

// Statuses and modes are kept as the numbers of their enumerators. `gone` is 3.
constexpr std::string_view kMigrations[] = {
    "CREATE TABLE stream ("
    "  uid BLOB PRIMARY KEY, region TEXT NOT NULL, name TEXT NOT NULL, arn TEXT NOT NULL,"
    "  status INTEGER NOT NULL, mode INTEGER NOT NULL, created_ms INTEGER NOT NULL,"
    "  record_bytes_max INTEGER NOT NULL, warm_mibps INTEGER) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX stream_name ON stream (region, name) WHERE status <> 3;"
    "CREATE TABLE stream_shard ("
    "  number INTEGER PRIMARY KEY, stream BLOB NOT NULL, position INTEGER NOT NULL,"
    "  first_key BLOB NOT NULL, last_key BLOB NOT NULL, created_ms INTEGER NOT NULL,"
    "  first_place INTEGER NOT NULL, end_place INTEGER);"
    "CREATE UNIQUE INDEX stream_shard_position ON stream_shard (stream, position);"
    "CREATE TABLE stream_tag ("
    "  stream BLOB NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
    "  PRIMARY KEY (stream, name)) WITHOUT ROWID;"
    "CREATE TABLE stream_counter ("
    "  id INTEGER PRIMARY KEY CHECK (id = 1), next_shard INTEGER NOT NULL);"
    "CREATE TABLE stream_seal (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL);",
};

// The only number of the only row; 0 without one.
Result<std::int64_t> number(Statement rows) {
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row && !rows.is_null(0) ? rows.int64(0) : 0;
}

Bind key_blob(const std::array<char, 16>& bytes) {
  return Bind::blob({bytes.data(), bytes.size()});
}

Result<HashKey> read_key(const Statement& row, int column) {
  const std::string_view blob = row.blob(column);
  std::array<char, 16> bytes;
  if (blob.size() != bytes.size()) {
    return base::fail(base::Code::corrupt, "a shard's hash key has not 16 bytes");
  }
  std::copy(blob.begin(), blob.end(), bytes.begin());
  return HashKey::from_bytes(bytes);
}

Stream stream_of(const Statement& row) {
  Stream stream{.uid = row.uid(0),
                .region = std::string(row.text(1)),
                .name = std::string(row.text(2)),
                .arn = std::string(row.text(3)),
                .status = static_cast<Status>(row.int64(4)),
                .mode = static_cast<Mode>(row.int64(5)),
                .created_ms = row.int64(6),
                .record_bytes_max = row.uint64(7)};
  if (!row.is_null(8)) stream.warm_mibps = static_cast<std::int32_t>(row.int64(8));
  return stream;
}

Result<Shard> shard_of(const Statement& row) {
  ASSIGN_OR_RETURN(const HashKey first, read_key(row, 3));
  ASSIGN_OR_RETURN(const HashKey last, read_key(row, 4));
  Shard shard{.number = log::ShardNumber(static_cast<std::uint32_t>(row.int64(0))),
              .index = static_cast<std::uint32_t>(row.int64(2)),
              .range = {.first = first, .last = last},
              .created_ms = row.int64(5),
              .first = log::Place(row.uint64(6))};
  if (!row.is_null(7)) shard.end = log::Place(row.uint64(7));
  return shard;
}

// Takes `count` numbers; the first of them.
Result<std::uint32_t> take_shard_numbers(Transaction& in, std::uint32_t count) {
  RETURN_IF_ERROR(in.run("INSERT OR IGNORE INTO stream_counter (id, next_shard) VALUES (1, 1)"));
  ASSIGN_OR_RETURN(Statement rows, in.query("SELECT next_shard FROM stream_counter"));
  ASSIGN_OR_RETURN(const std::int64_t first, number(std::move(rows)));
  if (first + count > std::int64_t{UINT32_MAX}) {
    return base::fail(base::Code::unsupported, "no shard numbers are left");
  }
  RETURN_IF_ERROR(in.run("UPDATE stream_counter SET next_shard = ?", first + count));
  return static_cast<std::uint32_t>(first);
}

}  // namespace

catalog::Schema streams_schema() { return {.room = "streams", .migrations = kMigrations}; }

Result<std::uint64_t> place_max(Queryable& from) {
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT max(max(first_place, ifnull(end_place, 0)))"
                                              " FROM stream_shard"));
  ASSIGN_OR_RETURN(const std::int64_t highest, number(std::move(rows)));
  return static_cast<std::uint64_t>(highest);
}

Result<std::vector<Stream>> read_streams(Queryable& from) {
  std::vector<Stream> streams;
  std::map<Uid, std::size_t> at;
  ASSIGN_OR_RETURN(Statement all,
                   from.query("SELECT uid, region, name, arn, status, mode, created_ms,"
                              " record_bytes_max, warm_mibps FROM stream ORDER BY region, name"));
  RETURN_IF_ERROR(for_rows(std::move(all), [&](const Statement& row) -> Result<void> {
    at.emplace(row.uid(0), streams.size());
    streams.push_back(stream_of(row));
    return {};
  }));
  const auto stream_of_row = [&](const Uid& uid) -> Result<Stream*> {
    const auto found = at.find(uid);
    if (found == at.end()) {
      return base::fail(base::Code::corrupt, "a row of no stream: " + uid.hex());
    }
    return &streams[found->second];
  };
  ASSIGN_OR_RETURN(Statement shards,
                   from.query("SELECT number, stream, position, first_key, last_key, created_ms,"
                              " first_place, end_place FROM stream_shard"
                              " ORDER BY stream, position"));
  RETURN_IF_ERROR(for_rows(std::move(shards), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(Stream* const stream, stream_of_row(row.uid(1)));
    ASSIGN_OR_RETURN(const Shard shard, shard_of(row));
    if (shard.index != stream->shards.size()) {
      return base::fail(base::Code::corrupt, "the shards of stream " + stream->name +
                                                 " are not numbered from 0 without a gap");
    }
    stream->shards.push_back(shard);
    return {};
  }));
  ASSIGN_OR_RETURN(Statement tags, from.query("SELECT stream, name, value FROM stream_tag"));
  RETURN_IF_ERROR(for_rows(std::move(tags), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(Stream* const stream, stream_of_row(row.uid(0)));
    stream->tags.emplace(row.text(1), row.text(2));
    return {};
  }));
  for (const Stream& stream : streams) {
    if (stream.shards.empty()) {
      return base::fail(base::Code::corrupt, "stream " + stream.name + " has no shards");
    }
  }
  return streams;
}

Result<bool> has_stream(Queryable& from, const StreamName& name) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT 1 FROM stream WHERE region = ? AND name = ? AND status <> 3",
                              name.region, name.name));
  return rows.step();
}

Result<std::optional<Status>> read_status(Queryable& from, const Uid& stream) {
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT status FROM stream WHERE uid = ?", stream));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return std::optional<Status>();
  return std::optional<Status>(static_cast<Status>(rows.int64(0)));
}

Result<Stream> add_stream(Transaction& in, const NewStream& from) {
  Stream stream{.uid = from.uid,
                .region = from.region,
                .name = from.name,
                .arn = from.arn,
                .status = Status::active,
                .mode = from.mode,
                .created_ms = from.created_ms,
                .record_bytes_max = from.record_bytes_max,
                .warm_mibps = from.warm_mibps,
                .shards = {},
                .tags = from.tags};
  RETURN_IF_ERROR(in.run("INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", stream.uid,
                         stream.region, stream.name, stream.arn, std::to_underlying(stream.status),
                         std::to_underlying(stream.mode), stream.created_ms,
                         stream.record_bytes_max, stream.warm_mibps));
  ASSIGN_OR_RETURN(const std::uint32_t first, take_shard_numbers(in, from.shards));
  for (std::uint32_t i = 0; i < from.shards; ++i) {
    const Shard shard{.number = log::ShardNumber(first + i),
                      .index = i,
                      .range = tile({.index = i, .count = from.shards}),
                      .created_ms = from.shards_created_ms,
                      .first = from.first};
    RETURN_IF_ERROR(in.run("INSERT INTO stream_shard VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                           shard.number.raw(), stream.uid, shard.index,
                           key_blob(shard.range.first.bytes()), key_blob(shard.range.last.bytes()),
                           shard.created_ms, shard.first.raw()));
    stream.shards.push_back(shard);
  }
  for (const auto& tag : stream.tags) RETURN_IF_ERROR(put_tag(in, stream.uid, tag));
  return stream;
}

Result<void> put_status(Transaction& in, const Uid& stream, Status status) {
  RETURN_IF_ERROR(
      in.run("UPDATE stream SET status = ? WHERE uid = ?", std::to_underlying(status), stream));
  return {};
}

Result<void> put_ends(Transaction& in, std::span<const ShardEnd> ends) {
  for (const ShardEnd& shard : ends) {
    RETURN_IF_ERROR(
        in.run("UPDATE stream_shard SET end_place = ? WHERE number = ? AND end_place IS NULL",
               shard.end.raw(), shard.number.raw()));
  }
  return {};
}

Result<void> remove_stream(Transaction& in, const Uid& stream) {
  RETURN_IF_ERROR(in.run("DELETE FROM stream_tag WHERE stream = ?", stream));
  RETURN_IF_ERROR(in.run("DELETE FROM stream_shard WHERE stream = ?", stream));
  RETURN_IF_ERROR(in.run("DELETE FROM stream WHERE uid = ?", stream));
  return {};
}

Result<Tags> read_tags(Queryable& from, const Uid& stream) {
  Tags tags;
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT name, value FROM stream_tag WHERE stream = ?", stream));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    tags.emplace(row.text(0), row.text(1));
    return {};
  }));
  return tags;
}

Result<void> put_tag(Transaction& in, const Uid& stream,
                     const std::pair<const std::string, std::string>& tag) {
  RETURN_IF_ERROR(
      in.run("INSERT OR REPLACE INTO stream_tag VALUES (?, ?, ?)", stream, tag.first, tag.second));
  return {};
}

Result<void> remove_tag(Transaction& in, const Uid& stream, std::string_view key) {
  RETURN_IF_ERROR(in.run("DELETE FROM stream_tag WHERE stream = ? AND name = ?", stream, key));
  return {};
}

Result<SealKeyBytes> keep_seal_key(Transaction& in, const SealKeyBytes& if_new) {
  RETURN_IF_ERROR(in.run("INSERT OR IGNORE INTO stream_seal (id, key) VALUES (1, ?)",
                         Bind::blob({if_new.data(), if_new.size()})));
  ASSIGN_OR_RETURN(Statement rows, in.query("SELECT key FROM stream_seal"));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  SealKeyBytes key;
  if (!row || rows.blob(0).size() != key.size()) {
    return base::fail(base::Code::corrupt, "the key of shard iterators has not 32 bytes");
  }
  std::copy_n(rows.blob(0).begin(), key.size(), key.begin());
  return key;
}

}  // namespace hyd::streams
