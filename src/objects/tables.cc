#include "objects/tables.h"

#include "catalog/schema.h"
#include "objects/multipart.h"
#include "objects/store.h"

#include <chrono>
#include <utility>

namespace hyd::objects {

using base::Result;
using base::Uid;
using catalog::Bind;
using catalog::Queryable;
using catalog::Statement;
using catalog::Transaction;

namespace {

constexpr std::string_view kMigrations[] = {
    "CREATE TABLE bucket ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, region TEXT NOT NULL,"
    "  created_s INTEGER NOT NULL);"
    "CREATE TABLE bucket_setting ("
    "  bucket INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,"
    "  PRIMARY KEY (bucket, name)) WITHOUT ROWID;"
    "CREATE TABLE object ("
    "  bucket INTEGER NOT NULL, key BLOB NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,"
    "  modified_s INTEGER NOT NULL, headers BLOB NOT NULL, algorithm TEXT NOT NULL,"
    "  checksum TEXT NOT NULL, crc64 INTEGER NOT NULL, blob BLOB, inline_row INTEGER, segments "
    "INTEGER,"
    "  token BLOB,"
    "  PRIMARY KEY (bucket, key)) WITHOUT ROWID;"
    "CREATE TABLE segment_list ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, segments INTEGER NOT NULL);"
    "CREATE TABLE segment ("
    "  list INTEGER NOT NULL, n INTEGER NOT NULL, blob BLOB NOT NULL, size INTEGER NOT NULL,"
    "  crc64 INTEGER NOT NULL, PRIMARY KEY (list, n)) WITHOUT ROWID;"
    "CREATE TABLE upload ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, bucket INTEGER NOT NULL,"
    "  key BLOB NOT NULL, started_s INTEGER NOT NULL, headers BLOB NOT NULL,"
    "  algorithm TEXT NOT NULL, full_object INTEGER NOT NULL);"
    "CREATE INDEX upload_by_key ON upload (bucket, key, name);"
    "CREATE TABLE part ("
    "  upload INTEGER NOT NULL, number INTEGER NOT NULL, blob BLOB NOT NULL,"
    "  size INTEGER NOT NULL, etag TEXT NOT NULL, crc64 INTEGER NOT NULL,"
    "  algorithm TEXT NOT NULL, checksum TEXT NOT NULL, modified_s INTEGER NOT NULL,"
    "  PRIMARY KEY (upload, number)) WITHOUT ROWID;"
    "CREATE TABLE completed_upload ("
    "  name TEXT PRIMARY KEY, bucket INTEGER NOT NULL, key BLOB NOT NULL, etag TEXT NOT NULL,"
    "  completed_s INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE inline_data (id INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB NOT NULL);"
    "CREATE TABLE blob ("
    "  id BLOB PRIMARY KEY, refs INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE pending_blob (id BLOB PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TABLE garbage_blob (id BLOB PRIMARY KEY) WITHOUT ROWID;",
};

constexpr std::string_view kSelectObject =
    "SELECT key, size, etag, modified_s, headers, algorithm, checksum, crc64, blob, inline_row,"
    " segments, token FROM object WHERE bucket = ? AND key = ?";
constexpr std::string_view kPageFrom =
    "SELECT key, size, etag, modified_s, headers, algorithm, checksum, crc64, blob, inline_row,"
    " segments, token FROM object WHERE bucket = ? AND key >= ? ORDER BY key LIMIT ?";
constexpr std::string_view kPageBehind =
    "SELECT key, size, etag, modified_s, headers, algorithm, checksum, crc64, blob, inline_row,"
    " segments, token FROM object WHERE bucket = ? AND key > ? ORDER BY key LIMIT ?";

base::WallTime time_of(std::int64_t seconds) {
  return base::WallTime(std::chrono::seconds(seconds));
}

Object object_of(const Statement& row) {
  return {.key = std::string(row.blob(0)),
          .size = row.uint64(1),
          .etag = std::string(row.text(2)),
          .modified = time_of(row.int64(3)),
          .headers = headers_of(row.blob(4)),
          .checksum = {.algorithm = std::string(row.text(5)), .value = std::string(row.text(6))},
          .crc64 = row.uint64(7),
          .blob = row.uid(8),
          .inline_row = row.int64(9),
          .segments = row.int64(10),
          .token = row.uid(11)};
}

Bucket bucket_of(const Statement& row) {
  return {.id = row.int64(0),
          .name = std::string(row.text(1)),
          .region = std::string(row.text(2)),
          .created = time_of(row.int64(3))};
}

// No id, and no number, are NULL.
template <class T>
std::optional<T> if_any(const T& value) {
  return value == T() ? std::nullopt : std::optional<T>(value);
}

Result<bool> any_row(Result<Statement> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  return rows->step();
}

Result<std::vector<Uid>> all_ids(Result<Statement> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<Uid> ids;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, rows->step());
    if (!row) return ids;
    ids.push_back(rows->uid(0));
  }
}

}  // namespace

catalog::Schema objects_schema() { return {.room = "objects", .migrations = kMigrations}; }

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

// A header a line; neither names nor values hold line ends.
std::string text_of(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers) {
    text.append(name).append(":").append(value).append("\n");
  }
  return text;
}

Headers headers_of(std::string_view text) {
  Headers headers;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return headers;
}

Result<std::optional<Bucket>> find_bucket(Queryable& from, std::string_view name) {
  ASSIGN_OR_RETURN(
      Statement rows,
      from.query("SELECT id, name, region, created_s FROM bucket WHERE name = ?", name));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? std::optional<Bucket>(bucket_of(rows)) : std::nullopt;
}

Result<std::vector<Bucket>> read_buckets(Queryable& from, const BucketPage& page) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT id, name, region, created_s FROM bucket WHERE name > ?1"
                              " AND substr(name, 1, length(?2)) = ?2 ORDER BY name LIMIT ?3",
                              page.after, page.prefix, page.most));
  std::vector<Bucket> buckets;
  RETURN_IF_ERROR(
      for_rows(std::move(rows), [&](const Statement& row) { buckets.push_back(bucket_of(row)); }));
  return buckets;
}

Result<std::int64_t> count_buckets(Queryable& from) {
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT count(*) FROM bucket"));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? rows.int64(0) : 0;
}

Result<void> add_bucket(Transaction& in, const Bucket& bucket) {
  RETURN_IF_ERROR(in.run("INSERT INTO bucket (name, region, created_s) VALUES (?, ?, ?)",
                         bucket.name, bucket.region, base::unix_seconds(bucket.created)));
  return {};
}

Result<void> remove_bucket(Transaction& in, std::int64_t bucket) {
  RETURN_IF_ERROR(drop_uploads_of(in, bucket));
  RETURN_IF_ERROR(in.run("DELETE FROM bucket_setting WHERE bucket = ?", bucket));
  RETURN_IF_ERROR(in.run("DELETE FROM bucket WHERE id = ?", bucket));
  return {};
}

Result<bool> has_objects(Queryable& from, std::int64_t bucket) {
  return any_row(from.query("SELECT 1 FROM object WHERE bucket = ? LIMIT 1", bucket));
}

Result<std::optional<std::string>> find_setting(Queryable& from, const SettingName& setting) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT text FROM bucket_setting WHERE bucket = ? AND name = ?",
                              setting.bucket, setting.name));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? std::optional<std::string>(rows.text(0)) : std::nullopt;
}

Result<void> put_setting(Transaction& in, const SettingName& setting, std::string_view text) {
  RETURN_IF_ERROR(in.run("INSERT OR REPLACE INTO bucket_setting VALUES (?, ?, ?)", setting.bucket,
                         setting.name, text));
  return {};
}

Result<void> remove_setting(Transaction& in, const SettingName& setting) {
  RETURN_IF_ERROR(in.run("DELETE FROM bucket_setting WHERE bucket = ? AND name = ?", setting.bucket,
                         setting.name));
  return {};
}

Result<std::optional<Object>> find_object(Queryable& from, const ObjectName& name) {
  ASSIGN_OR_RETURN(Statement rows, from.query(kSelectObject, name.bucket, Bind::blob(name.key)));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? std::optional<Object>(object_of(rows)) : std::nullopt;
}

Result<std::optional<std::string>> read_inline(Queryable& from, std::int64_t row_id) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT bytes FROM inline_data WHERE id = ?", row_id));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? std::optional<std::string>(rows.blob(0)) : std::nullopt;
}

Result<void> hold_blob(Transaction& in, const Uid& id, std::uint64_t bytes) {
  RETURN_IF_ERROR(
      in.run("INSERT INTO blob VALUES (?, 1, ?) ON CONFLICT (id) DO UPDATE SET refs = refs + 1", id,
             bytes));
  RETURN_IF_ERROR(in.run("DELETE FROM pending_blob WHERE id = ?", id));
  return {};
}

Result<void> release_blob(Transaction& in, const Uid& id) {
  RETURN_IF_ERROR(in.run("UPDATE blob SET refs = refs - 1 WHERE id = ?", id));
  RETURN_IF_ERROR(in.run(
      "INSERT OR IGNORE INTO garbage_blob SELECT id FROM blob WHERE id = ? AND refs <= 0", id));
  RETURN_IF_ERROR(in.run("DELETE FROM blob WHERE id = ? AND refs <= 0", id));
  return {};
}

Result<std::int64_t> add_inline(Transaction& in, std::string_view bytes) {
  RETURN_IF_ERROR(in.run("INSERT INTO inline_data (bytes) VALUES (?)", Bind::blob(bytes)));
  ASSIGN_OR_RETURN(Statement rows, in.query("SELECT last_insert_rowid()"));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return base::fail(base::Code::corrupt, "no row id of an insert");
  return rows.int64(0);
}

Result<void> insert_object(Transaction& in, std::int64_t bucket, const Object& object) {
  RETURN_IF_ERROR(in.run("INSERT INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         bucket, Bind::blob(object.key), object.size, object.etag,
                         base::unix_seconds(object.modified), Bind::blob(text_of(object.headers)),
                         object.checksum.algorithm, object.checksum.value,
                         static_cast<std::int64_t>(object.crc64), if_any(object.blob),
                         if_any(object.inline_row), if_any(object.segments), if_any(object.token)));
  return {};
}

Result<void> erase_object(Transaction& in, std::int64_t bucket, const Object& object) {
  RETURN_IF_ERROR(
      in.run("DELETE FROM object WHERE bucket = ? AND key = ?", bucket, Bind::blob(object.key)));
  if (object.segments != 0) return drop_segments(in, object.segments);
  if (object.blob != Uid()) return release_blob(in, object.blob);
  RETURN_IF_ERROR(in.run("DELETE FROM inline_data WHERE id = ?", object.inline_row));
  return {};
}

Result<void> copy_bytes(Transaction& in, Object& object) {
  if (object.segments != 0) {
    ASSIGN_OR_RETURN(object.segments, copy_segments(in, object.segments));
    return {};
  }
  if (object.blob != Uid()) return hold_blob(in, object.blob, object.size);
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, read_inline(in, object.inline_row));
  if (!bytes) return base::fail(base::Code::corrupt, "an object without its bytes");
  ASSIGN_OR_RETURN(object.inline_row, add_inline(in, *bytes));
  return {};
}

Result<std::vector<Object>> read_objects(Queryable& from, const ObjectPage& page) {
  ASSIGN_OR_RETURN(Statement rows, from.query(page.from_included ? kPageFrom : kPageBehind,
                                              page.bucket, Bind::blob(page.from), page.most));
  std::vector<Object> objects;
  RETURN_IF_ERROR(
      for_rows(std::move(rows), [&](const Statement& row) { objects.push_back(object_of(row)); }));
  return objects;
}

Result<void> add_pending(Transaction& in, std::span<const Uid> ids) {
  for (const Uid& id : ids) RETURN_IF_ERROR(in.run("INSERT INTO pending_blob VALUES (?)", id));
  return {};
}

Result<std::vector<Uid>> read_pending(Queryable& from) {
  return all_ids(from.query("SELECT id FROM pending_blob"));
}

Result<void> forget_pending(Transaction& in, std::span<const Uid> ids) {
  for (const Uid& id : ids) {
    RETURN_IF_ERROR(in.run("DELETE FROM pending_blob WHERE id = ?", id));
  }
  return {};
}

Result<void> move_pending_to_garbage(Transaction& in, const Uid& id) {
  RETURN_IF_ERROR(
      in.run("INSERT OR IGNORE INTO garbage_blob SELECT id FROM pending_blob WHERE id = ?", id));
  RETURN_IF_ERROR(in.run("DELETE FROM pending_blob WHERE id = ?", id));
  return {};
}

Result<std::vector<Uid>> read_garbage(Queryable& from, const GarbagePage& page) {
  return all_ids(from.query("SELECT id FROM garbage_blob WHERE id > ? ORDER BY id LIMIT ?",
                            page.after, page.most));
}

Result<void> forget_garbage(Transaction& in, std::span<const Uid> ids) {
  for (const Uid& id : ids) {
    RETURN_IF_ERROR(in.run("DELETE FROM garbage_blob WHERE id = ?", id));
  }
  return {};
}

Result<bool> knows_blob(Queryable& from, const Uid& id) {
  return any_row(
      from.query("SELECT 1 FROM blob WHERE id = ?1 UNION ALL"
                 " SELECT 1 FROM pending_blob WHERE id = ?1 UNION ALL"
                 " SELECT 1 FROM garbage_blob WHERE id = ?1",
                 id));
}

}  // namespace hyd::objects
