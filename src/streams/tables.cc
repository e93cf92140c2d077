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

// Statuses and modes are kept as the numbers of their enumerators. `gone` is 3; `creating` and
// `updating` are never kept.
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

    "ALTER TABLE stream ADD COLUMN retention_hours INTEGER NOT NULL DEFAULT 24;"
    "ALTER TABLE stream ADD COLUMN gone_before_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE stream ADD COLUMN metrics INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE stream ADD COLUMN key_id TEXT;"
    "ALTER TABLE stream ADD COLUMN policy TEXT;"
    "ALTER TABLE stream ADD COLUMN consumers_gone_s INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE stream_shard ADD COLUMN closed_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE stream_shard ADD COLUMN parent INTEGER;"
    "ALTER TABLE stream_shard ADD COLUMN adjacent_parent INTEGER;"
    "CREATE TABLE stream_consumer ("
    "  stream BLOB NOT NULL, name TEXT NOT NULL, arn TEXT NOT NULL, created_ms INTEGER NOT NULL,"
    "  policy TEXT, PRIMARY KEY (stream, name)) WITHOUT ROWID;"
    "CREATE TABLE stream_consumer_tag ("
    "  stream BLOB NOT NULL, consumer TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
    "  PRIMARY KEY (stream, consumer, name)) WITHOUT ROWID;"
    "CREATE TABLE stream_pending (stream BLOB PRIMARY KEY, what TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE stream_account ("
    "  id INTEGER PRIMARY KEY CHECK (id = 1), commitment_started_ms INTEGER NOT NULL,"
    "  commitment_ended_ms INTEGER NOT NULL);",
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

std::optional<std::string> text_if_any(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}

constexpr std::string_view kStreamColumns =
    "SELECT uid, region, name, arn, status, mode, created_ms, record_bytes_max, warm_mibps,"
    " retention_hours, gone_before_ms, metrics, key_id, policy, consumers_gone_s"
    " FROM stream ORDER BY region, name";

Stream stream_of(const Statement& row) {
  Stream stream{.uid = row.uid(0),
                .region = std::string(row.text(1)),
                .name = std::string(row.text(2)),
                .arn = std::string(row.text(3)),
                .status = static_cast<Status>(row.int64(4)),
                .created_ms = row.int64(6),
                .settings = {.mode = static_cast<Mode>(row.int64(5)),
                             .record_bytes_max = row.uint64(7),
                             .retention_hours = static_cast<std::int32_t>(row.int64(9)),
                             .gone_before_ms = row.int64(10),
                             .metrics = static_cast<std::uint8_t>(row.int64(11)),
                             .key_id = text_if_any(row, 12),
                             .policy = text_if_any(row, 13),
                             .consumers_gone_s = row.int64(14)}};
  if (!row.is_null(8)) stream.settings.warm_mibps = static_cast<std::int32_t>(row.int64(8));
  return stream;
}

constexpr std::string_view kShardColumns =
    "SELECT number, stream, position, first_key, last_key, created_ms, first_place, end_place,"
    " closed_ms, parent, adjacent_parent FROM stream_shard ORDER BY stream, position";

Result<Shard> shard_of(const Statement& row) {
  ASSIGN_OR_RETURN(const HashKey first, read_key(row, 3));
  ASSIGN_OR_RETURN(const HashKey last, read_key(row, 4));
  Shard shard{.number = log::ShardNumber(static_cast<std::uint32_t>(row.int64(0))),
              .index = static_cast<std::uint32_t>(row.int64(2)),
              .range = {.first = first, .last = last},
              .created_ms = row.int64(5),
              .first = log::Place(row.uint64(6)),
              .closed_ms = row.int64(8)};
  if (!row.is_null(7)) shard.end = log::Place(row.uint64(7));
  if (!row.is_null(9)) shard.parent = static_cast<std::uint32_t>(row.int64(9));
  if (!row.is_null(10)) shard.adjacent_parent = static_cast<std::uint32_t>(row.int64(10));
  return shard;
}

Result<void> put_shard(Transaction& in, const Uid& stream, const Shard& shard) {
  std::optional<std::uint64_t> end;
  if (shard.end) end = shard.end->raw();
  RETURN_IF_ERROR(
      in.run("INSERT INTO stream_shard (number, stream, position, first_key, last_key, created_ms,"
             " first_place, end_place, closed_ms, parent, adjacent_parent)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
             shard.number.raw(), stream, shard.index, key_blob(shard.range.first.bytes()),
             key_blob(shard.range.last.bytes()), shard.created_ms, shard.first.raw(), end,
             shard.closed_ms, shard.parent, shard.adjacent_parent));
  return {};
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
  ASSIGN_OR_RETURN(Statement all, from.query(kStreamColumns));
  RETURN_IF_ERROR(for_rows(std::move(all), [&](const Statement& row) {
    at.emplace(row.uid(0), streams.size());
    streams.push_back(stream_of(row));
  }));
  const auto stream_of_row = [&](const Uid& uid) -> Result<Stream*> {
    const auto found = at.find(uid);
    if (found == at.end()) {
      return base::fail(base::Code::corrupt, "a row of no stream: " + uid.hex());
    }
    return &streams[found->second];
  };
  ASSIGN_OR_RETURN(Statement shards, from.query(kShardColumns));
  RETURN_IF_ERROR(for_rows(std::move(shards), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(Stream* const stream, stream_of_row(row.uid(1)));
    ASSIGN_OR_RETURN(Shard shard, shard_of(row));
    const std::size_t index = stream->shards.size();
    if (shard.index != index || (shard.parent && *shard.parent >= index) ||
        (shard.adjacent_parent && *shard.adjacent_parent >= index)) {
      return base::fail(base::Code::corrupt, "the shards of stream " + stream->name +
                                                 " are not numbered from 0 without a gap, parents "
                                                 "before children");
    }
    stream->shards.push_back(std::move(shard));
    return {};
  }));
  ASSIGN_OR_RETURN(Statement tags, from.query("SELECT stream, name, value FROM stream_tag"));
  RETURN_IF_ERROR(for_rows(std::move(tags), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(Stream* const stream, stream_of_row(row.uid(0)));
    stream->settings.tags.emplace(row.text(1), row.text(2));
    return {};
  }));
  ASSIGN_OR_RETURN(Statement consumers,
                   from.query("SELECT stream, name, arn, created_ms, policy FROM stream_consumer"));
  RETURN_IF_ERROR(for_rows(std::move(consumers), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(Stream* const stream, stream_of_row(row.uid(0)));
    const std::string name(row.text(1));
    stream->settings.consumers.emplace(name, Consumer{.name = name,
                                                      .arn = std::string(row.text(2)),
                                                      .created_ms = row.int64(3),
                                                      .policy = text_if_any(row, 4)});
    return {};
  }));
  ASSIGN_OR_RETURN(Statement theirs, from.query("SELECT stream, consumer, name, value"
                                                " FROM stream_consumer_tag"));
  RETURN_IF_ERROR(for_rows(std::move(theirs), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(Stream* const stream, stream_of_row(row.uid(0)));
    const auto consumer = stream->settings.consumers.find(row.text(1));
    if (consumer != stream->settings.consumers.end()) {
      consumer->second.tags.emplace(row.text(2), row.text(3));
    }
    return {};
  }));
  for (Stream& stream : streams) {
    if (stream.shards.empty()) {
      return base::fail(base::Code::corrupt, "stream " + stream.name + " has no shards");
    }
    stream.make_routes();
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
                .created_ms = from.created_ms,
                .settings = from.settings};
  RETURN_IF_ERROR(in.run(
      "INSERT INTO stream (uid, region, name, arn, status, mode, created_ms, record_bytes_max)"
      " VALUES (?, ?, ?, ?, ?, 0, ?, 0)",
      stream.uid, stream.region, stream.name, stream.arn, std::to_underlying(stream.status),
      stream.created_ms));
  RETURN_IF_ERROR(put_settings(in, stream.uid, stream.settings));
  ASSIGN_OR_RETURN(const std::uint32_t first, take_shard_numbers(in, from.shards));
  for (std::uint32_t i = 0; i < from.shards; ++i) {
    stream.shards.push_back({.number = log::ShardNumber(first + i),
                             .index = i,
                             .range = tile({.index = i, .count = from.shards}),
                             .created_ms = from.shards_created_ms,
                             .first = from.first});
    RETURN_IF_ERROR(put_shard(in, stream.uid, stream.shards.back()));
  }
  stream.make_routes();
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
  RETURN_IF_ERROR(in.run("DELETE FROM stream_consumer_tag WHERE stream = ?", stream));
  RETURN_IF_ERROR(in.run("DELETE FROM stream_consumer WHERE stream = ?", stream));
  RETURN_IF_ERROR(in.run("DELETE FROM stream_shard WHERE stream = ?", stream));
  RETURN_IF_ERROR(drop_pending(in, stream));
  RETURN_IF_ERROR(in.run("DELETE FROM stream WHERE uid = ?", stream));
  return {};
}

// Tags and consumers are few: all rows are written anew.
Result<void> put_settings(Transaction& in, const Uid& stream, const Settings& settings) {
  RETURN_IF_ERROR(in.run(
      "UPDATE stream SET mode = ?, record_bytes_max = ?, warm_mibps = ?, retention_hours = ?,"
      " gone_before_ms = ?, metrics = ?, key_id = ?, policy = ?, consumers_gone_s = ?"
      " WHERE uid = ?",
      std::to_underlying(settings.mode), settings.record_bytes_max, settings.warm_mibps,
      settings.retention_hours, settings.gone_before_ms, settings.metrics, settings.key_id,
      settings.policy, settings.consumers_gone_s, stream));
  RETURN_IF_ERROR(in.run("DELETE FROM stream_tag WHERE stream = ?", stream));
  for (const auto& [key, value] : settings.tags) {
    RETURN_IF_ERROR(in.run("INSERT INTO stream_tag VALUES (?, ?, ?)", stream, key, value));
  }
  RETURN_IF_ERROR(in.run("DELETE FROM stream_consumer_tag WHERE stream = ?", stream));
  RETURN_IF_ERROR(in.run("DELETE FROM stream_consumer WHERE stream = ?", stream));
  for (const auto& [name, consumer] : settings.consumers) {
    // What is being taken away is gone for the next start.
    if (consumer.status == Consumer::Status::deleting) continue;
    RETURN_IF_ERROR(in.run("INSERT INTO stream_consumer VALUES (?, ?, ?, ?, ?)", stream, name,
                           consumer.arn, consumer.created_ms, consumer.policy));
    for (const auto& [key, value] : consumer.tags) {
      RETURN_IF_ERROR(
          in.run("INSERT INTO stream_consumer_tag VALUES (?, ?, ?, ?)", stream, name, key, value));
    }
  }
  return {};
}

Result<std::vector<Shard>> change_shards(Transaction& in, const Uid& stream,
                                         const ShardChange& change) {
  RETURN_IF_ERROR(put_ends(in, change.ends));
  for (const ShardEnd& shard : change.ends) {
    RETURN_IF_ERROR(in.run("UPDATE stream_shard SET closed_ms = ? WHERE number = ?",
                           change.closed_ms, shard.number.raw()));
  }
  std::vector<Shard> added = change.added;
  ASSIGN_OR_RETURN(const std::uint32_t first,
                   take_shard_numbers(in, static_cast<std::uint32_t>(added.size())));
  for (std::uint32_t i = 0; i < added.size(); ++i) {
    added[i].number = log::ShardNumber(first + i);
    RETURN_IF_ERROR(put_shard(in, stream, added[i]));
  }
  return added;
}

Result<void> put_pending(Transaction& in, const Uid& stream, std::string_view what) {
  RETURN_IF_ERROR(in.run("INSERT OR REPLACE INTO stream_pending VALUES (?, ?)", stream, what));
  return {};
}

Result<void> drop_pending(Transaction& in, const Uid& stream) {
  RETURN_IF_ERROR(in.run("DELETE FROM stream_pending WHERE stream = ?", stream));
  return {};
}

Result<std::map<Uid, std::string>> read_pending(Queryable& from) {
  std::map<Uid, std::string> all;
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT stream, what FROM stream_pending"));
  RETURN_IF_ERROR(for_rows(std::move(rows),
                           [&](const Statement& row) { all.emplace(row.uid(0), row.text(1)); }));
  return all;
}

Result<void> put_account(Transaction& in, const AccountSettings& settings) {
  RETURN_IF_ERROR(in.run("INSERT OR REPLACE INTO stream_account VALUES (1, ?, ?)",
                         settings.commitment_started_ms, settings.commitment_ended_ms));
  return {};
}

Result<AccountSettings> read_account(Queryable& from) {
  AccountSettings settings;
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT commitment_started_ms, commitment_ended_ms"
                                              " FROM stream_account"));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) {
    settings = {.commitment_started_ms = row.int64(0), .commitment_ended_ms = row.int64(1)};
  }));
  return settings;
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
