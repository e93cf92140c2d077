#include "delivery/tables.h"

#include "codec/json.h"
#include "delivery/delivery.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;
using catalog::Queryable;
using catalog::Statement;
using catalog::Transaction;

namespace {

constexpr std::string_view kMigrations[] = {
    "CREATE TABLE delivery_stream ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, region TEXT NOT NULL, name TEXT NOT NULL,"
    "  arn TEXT NOT NULL, state INTEGER NOT NULL, failure TEXT NOT NULL,"
    "  version INTEGER NOT NULL, created_ms INTEGER NOT NULL, source_arn TEXT NOT NULL,"
    "  source_role TEXT NOT NULL, start INTEGER NOT NULL, drain_to INTEGER NOT NULL,"
    "  UNIQUE (region, name));"
    "CREATE TABLE delivery_config ("
    "  delivery INTEGER NOT NULL, version INTEGER NOT NULL, destination TEXT NOT NULL,"
    "  PRIMARY KEY (delivery, version)) WITHOUT ROWID;"
    "CREATE TABLE delivery_tag ("
    "  delivery INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,"
    "  value TEXT NOT NULL, PRIMARY KEY (delivery, position)) WITHOUT ROWID;"
    "CREATE TABLE delivery_mark ("
    "  delivery INTEGER NOT NULL, shard INTEGER NOT NULL, low INTEGER NOT NULL,"
    "  assigned INTEGER NOT NULL, PRIMARY KEY (delivery, shard)) WITHOUT ROWID;"
    "CREATE TABLE delivery_intent ("
    "  delivery INTEGER NOT NULL, batch BLOB NOT NULL, version INTEGER NOT NULL,"
    "  inputs BLOB NOT NULL, key TEXT NOT NULL, created_ms INTEGER NOT NULL,"
    "  oldest_ms INTEGER NOT NULL, PRIMARY KEY (delivery, batch)) WITHOUT ROWID;"
    "CREATE TABLE delivery_attempt ("
    "  batch BLOB PRIMARY KEY, number INTEGER NOT NULL, first_ms INTEGER NOT NULL,"
    "  begun INTEGER NOT NULL) WITHOUT ROWID;",
};

Result<DeliveryStream> stream_of(const Statement& row) {
  DeliveryStream stream;
  stream.id = DeliveryId(row.uint64(0));
  stream.key = {.region = std::string(row.text(1)), .name = std::string(row.text(2))};
  stream.arn = row.text(3);
  const std::int64_t state = row.int64(4);
  if (state < 0 || state > static_cast<std::int64_t>(DeliveryState::deleting_failed)) {
    return fail(Code::corrupt, "a delivery stream is in a state that does not exist");
  }
  stream.state = static_cast<DeliveryState>(state);
  stream.failure = row.text(5);
  stream.version = static_cast<std::uint32_t>(row.uint64(6));
  stream.created = base::WallTime(std::chrono::milliseconds(row.int64(7)));
  stream.source_arn = row.text(8);
  stream.source_role = row.text(9);
  stream.start = row.uint64(10);
  stream.drain_to = row.uint64(11);
  ASSIGN_OR_RETURN(const codec::Json document, codec::parse_json(row.text(12)));
  auto destination = aws::read<ExtendedS3Destination>(document);
  if (!destination) {
    return fail(Code::corrupt, "a delivery stream's destination: " + destination.error().message);
  }
  stream.destination = *std::move(destination);
  return stream;
}

// The smallest place of each shard that an open intent still owes.
Result<Lows> owed(Transaction& in, DeliveryId id) {
  Lows firsts;
  ASSIGN_OR_RETURN(Statement rows,
                   in.query("SELECT inputs FROM delivery_intent WHERE delivery = ?", id.raw()));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(const std::vector<Range> ranges, decode_ranges(row.blob(0)));
    for (const Range& range : ranges) {
      const auto [at, fresh] = firsts.emplace(range.shard, range.first);
      if (!fresh) at->second = std::min(at->second, range.first);
    }
    return {};
  }));
  return firsts;
}

}  // namespace

catalog::Schema delivery_schema() { return {.room = "delivery", .migrations = kMigrations}; }

Result<std::uint64_t> place_max(Queryable& from) {
  // Every place of an intent is at most its shard's `assigned`.
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT max("
                              "  coalesce((SELECT max(max(low, assigned)) FROM delivery_mark), 0),"
                              "  coalesce((SELECT max(max(start, drain_to))"
                              "            FROM delivery_stream), 0))"));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? rows.uint64(0) : 0;
}

Result<std::vector<DeliveryStream>> read_streams(Queryable& from) {
  std::vector<DeliveryStream> streams;
  ASSIGN_OR_RETURN(
      Statement rows,
      from.query("SELECT id, region, name, arn, state, failure, s.version, created_ms, source_arn,"
                 "  source_role, start, drain_to, destination"
                 " FROM delivery_stream s JOIN delivery_config c"
                 "   ON c.delivery = s.id AND c.version = s.version ORDER BY id"));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(DeliveryStream stream, stream_of(row));
    streams.push_back(std::move(stream));
    return {};
  }));
  for (DeliveryStream& stream : streams) {
    ASSIGN_OR_RETURN(Statement tags,
                     from.query("SELECT name, value FROM delivery_tag WHERE delivery = ?"
                                " ORDER BY position",
                                stream.id.raw()));
    RETURN_IF_ERROR(for_rows(std::move(tags), [&](const Statement& row) -> Result<void> {
      stream.tags.emplace_back(row.text(0), row.text(1));
      return {};
    }));
  }
  return streams;
}

Result<std::optional<DeliveryId>> find_stream(Queryable& from, const StreamKey& key) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT id FROM delivery_stream WHERE region = ? AND name = ?",
                              key.region, key.name));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return std::optional<DeliveryId>();
  return std::optional<DeliveryId>(DeliveryId(rows.uint64(0)));
}

Result<bool> has_stream(Queryable& from, DeliveryId id) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT 1 FROM delivery_stream WHERE id = ?", id.raw()));
  return rows.step();
}

Result<DeliveryId> add_stream(Transaction& in, const DeliveryStream& stream) {
  RETURN_IF_ERROR(in.run(
      "INSERT INTO delivery_stream (region, name, arn, state, failure, version,"
      "  created_ms, source_arn, source_role, start, drain_to)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      stream.key.region, stream.key.name, stream.arn, static_cast<std::int64_t>(stream.state),
      stream.failure, stream.version, base::unix_ms(stream.created), stream.source_arn,
      stream.source_role, stream.start, stream.drain_to));
  ASSIGN_OR_RETURN(const std::optional<DeliveryId> id, find_stream(in, stream.key));
  if (!id) return fail(Code::corrupt, "a row that was written is not there");
  const codec::Json destination =
      aws::to_document(ExtendedS3Destination::shape(), &stream.destination);
  RETURN_IF_ERROR(in.run("INSERT INTO delivery_config VALUES (?, ?, ?)", id->raw(), stream.version,
                         codec::to_text(destination)));
  std::int64_t position = 0;
  for (const auto& [tag, value] : stream.tags) {
    RETURN_IF_ERROR(
        in.run("INSERT INTO delivery_tag VALUES (?, ?, ?, ?)", id->raw(), position++, tag, value));
  }
  return *id;
}

Result<void> begin_deletion(Transaction& in, DeliveryId id, std::uint64_t drain_to) {
  RETURN_IF_ERROR(
      in.run("UPDATE delivery_stream SET state = ?, failure = '', drain_to = ?"
             " WHERE id = ?",
             static_cast<std::int64_t>(DeliveryState::deleting), drain_to, id.raw()));
  return {};
}

Result<void> fail_deletion(Transaction& in, const StreamKey& key, std::string_view why) {
  RETURN_IF_ERROR(
      in.run("UPDATE delivery_stream SET state = ?, failure = ?"
             " WHERE region = ? AND name = ? AND state = ?",
             static_cast<std::int64_t>(DeliveryState::deleting_failed), why, key.region, key.name,
             static_cast<std::int64_t>(DeliveryState::deleting)));
  return {};
}

Result<void> remove_stream(Transaction& in, DeliveryId id) {
  RETURN_IF_ERROR(
      in.run("DELETE FROM delivery_attempt WHERE batch IN"
             " (SELECT batch FROM delivery_intent WHERE delivery = ?)",
             id.raw()));
  RETURN_IF_ERROR(in.run("DELETE FROM delivery_intent WHERE delivery = ?", id.raw()));
  RETURN_IF_ERROR(in.run("DELETE FROM delivery_mark WHERE delivery = ?", id.raw()));
  RETURN_IF_ERROR(in.run("DELETE FROM delivery_tag WHERE delivery = ?", id.raw()));
  RETURN_IF_ERROR(in.run("DELETE FROM delivery_config WHERE delivery = ?", id.raw()));
  RETURN_IF_ERROR(in.run("DELETE FROM delivery_stream WHERE id = ?", id.raw()));
  return {};
}

Result<std::vector<Mark>> read_marks(Queryable& from, DeliveryId id) {
  std::vector<Mark> marks;
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT shard, low, assigned FROM delivery_mark WHERE delivery = ?"
                              " ORDER BY shard",
                              id.raw()));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    marks.push_back({.shard = log::ShardNumber(static_cast<std::uint32_t>(row.uint64(0))),
                     .low = row.uint64(1),
                     .assigned = row.uint64(2)});
    return {};
  }));
  return marks;
}

Result<void> add_mark(Transaction& in, DeliveryId id, const Mark& mark) {
  RETURN_IF_ERROR(in.run("INSERT OR IGNORE INTO delivery_mark VALUES (?, ?, ?, ?)", id.raw(),
                         mark.shard.raw(), mark.low, mark.assigned));
  return {};
}

Result<bool> remove_mark(Transaction& in, DeliveryId id, log::ShardNumber shard) {
  ASSIGN_OR_RETURN(const std::int64_t removed,
                   in.run("DELETE FROM delivery_mark"
                          " WHERE delivery = ? AND shard = ? AND low = assigned",
                          id.raw(), shard.raw()));
  return removed != 0;
}

Result<std::vector<Intent>> read_intents(Queryable& from, DeliveryId id) {
  std::vector<Intent> intents;
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT batch, version, inputs, key, created_ms, oldest_ms"
                              " FROM delivery_intent WHERE delivery = ?"
                              " ORDER BY created_ms, batch",
                              id.raw()));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    Intent intent{.batch = row.uid(0),
                  .delivery = id,
                  .version = static_cast<std::uint32_t>(row.uint64(1)),
                  .inputs = {},
                  .key = std::string(row.text(3)),
                  .created_ms = row.int64(4),
                  .oldest_ms = row.int64(5)};
    ASSIGN_OR_RETURN(intent.inputs, decode_ranges(row.blob(2)));
    intents.push_back(std::move(intent));
    return {};
  }));
  return intents;
}

Result<Attempt> read_attempt(Queryable& from, const base::Uid& batch) {
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT number, first_ms, begun FROM delivery_attempt"
                                              " WHERE batch = ?",
                                              batch));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return Attempt{};
  return Attempt{.number = static_cast<std::uint32_t>(rows.uint64(0)),
                 .first_ms = rows.int64(1),
                 .begun = rows.boolean(2)};
}

Result<void> add_intent(Transaction& in, const Intent& intent) {
  for (const Range& range : intent.inputs) {
    // Ranges of a shard follow each other: one that overlaps would store records twice.
    ASSIGN_OR_RETURN(const std::int64_t moved,
                     in.run("UPDATE delivery_mark SET assigned = ?"
                            " WHERE delivery = ? AND shard = ? AND assigned < ?",
                            range.last, intent.delivery.raw(), range.shard.raw(), range.first));
    if (moved != 1) {
      return fail(Code::not_found, "the delivery stream has no such records to give out");
    }
  }
  RETURN_IF_ERROR(in.run("INSERT INTO delivery_intent VALUES (?, ?, ?, ?, ?, ?, ?)",
                         intent.delivery.raw(), intent.batch, intent.version,
                         catalog::Bind::blob(encode_ranges(intent.inputs)), intent.key,
                         intent.created_ms, intent.oldest_ms));
  return {};
}

Result<void> put_attempt(Transaction& in, const Intent& intent, const Attempt& attempt) {
  RETURN_IF_ERROR(
      in.run("INSERT OR REPLACE INTO delivery_attempt SELECT batch, ?, ?, ?"
             " FROM delivery_intent WHERE delivery = ? AND batch = ?",
             attempt.number, attempt.first_ms, attempt.begun, intent.delivery.raw(), intent.batch));
  return {};
}

Result<std::optional<Lows>> commit_intent(Transaction& in, const Intent& intent) {
  ASSIGN_OR_RETURN(const std::int64_t removed,
                   in.run("DELETE FROM delivery_intent WHERE delivery = ? AND batch = ?",
                          intent.delivery.raw(), intent.batch));
  if (removed == 0) return std::optional<Lows>();
  RETURN_IF_ERROR(in.run("DELETE FROM delivery_attempt WHERE batch = ?", intent.batch));
  ASSIGN_OR_RETURN(const Lows firsts, owed(in, intent.delivery));
  Lows lows;
  for (const Range& range : intent.inputs) {
    const auto first = firsts.find(range.shard);
    if (first == firsts.end()) {
      RETURN_IF_ERROR(
          in.run("UPDATE delivery_mark SET low = assigned"
                 " WHERE delivery = ? AND shard = ?",
                 intent.delivery.raw(), range.shard.raw()));
    } else {
      RETURN_IF_ERROR(in.run("UPDATE delivery_mark SET low = ? WHERE delivery = ? AND shard = ?",
                             first->second - 1, intent.delivery.raw(), range.shard.raw()));
    }
    ASSIGN_OR_RETURN(Statement rows,
                     in.query("SELECT low FROM delivery_mark WHERE delivery = ? AND shard = ?",
                              intent.delivery.raw(), range.shard.raw()));
    ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return fail(Code::corrupt, "a mark that an intent moved is not there");
    lows.emplace(range.shard, rows.uint64(0));
  }
  return std::optional<Lows>(std::move(lows));
}

}  // namespace hyd::delivery
