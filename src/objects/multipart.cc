#include "objects/multipart.h"

#include "objects/tables.h"

#include <utility>

namespace hyd::objects {

using base::Result;
using base::Uid;
using catalog::Bind;
using catalog::Queryable;
using catalog::Statement;
using catalog::Transaction;

namespace {

base::WallTime time_of(std::int64_t seconds) {
  return base::WallTime(std::chrono::seconds(seconds));
}

UploadRow upload_of(const Statement& row) {
  return {.id = row.int64(0),
          .name = std::string(row.text(1)),
          .bucket = row.int64(2),
          .key = std::string(row.blob(3)),
          .started = time_of(row.int64(4)),
          .headers = headers_of(row.blob(5)),
          .algorithm = std::string(row.text(6)),
          .full_object = row.boolean(7)};
}

Part part_of(const Statement& row) {
  return {.number = row.int64(0),
          .blob = row.uid(1),
          .size = row.uint64(2),
          .etag = std::string(row.text(3)),
          .crc64 = row.uint64(4),
          .checksum = {.algorithm = std::string(row.text(5)), .value = std::string(row.text(6))},
          .modified = time_of(row.int64(7))};
}

Result<std::vector<std::int64_t>> numbers(Result<Statement> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<std::int64_t> out;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, rows->step());
    if (!row) return out;
    out.push_back(rows->int64(0));
  }
}

Result<std::int64_t> add_list(Transaction& in, std::size_t segments) {
  RETURN_IF_ERROR(in.run("INSERT INTO segment_list (segments) VALUES (?)", segments));
  ASSIGN_OR_RETURN(const std::vector<std::int64_t> id,
                   numbers(in.query("SELECT last_insert_rowid()")));
  if (id.empty()) return base::fail(base::Code::corrupt, "no row id of an insert");
  return id.front();
}

Result<void> add_segment(Transaction& in, std::int64_t list, std::size_t n,
                         const Segment& segment) {
  RETURN_IF_ERROR(in.run("INSERT INTO segment VALUES (?, ?, ?, ?, ?)", list, n, segment.blob,
                         segment.size, static_cast<std::int64_t>(segment.crc64)));
  return {};
}

}  // namespace

Result<void> add_upload(Transaction& in, const UploadRow& upload) {
  RETURN_IF_ERROR(
      in.run("INSERT INTO upload (name, bucket, key, started_s, headers, algorithm, full_object)"
             " VALUES (?, ?, ?, ?, ?, ?, ?)",
             upload.name, upload.bucket, Bind::blob(upload.key), base::unix_seconds(upload.started),
             Bind::blob(text_of(upload.headers)), upload.algorithm, upload.full_object));
  return {};
}

Result<std::optional<UploadRow>> find_upload(Queryable& from, const UploadName& name) {
  ASSIGN_OR_RETURN(
      Statement rows,
      from.query("SELECT id, name, bucket, key, started_s, headers, algorithm, full_object"
                 " FROM upload WHERE name = ? AND bucket = ? AND key = ?",
                 name.name, name.bucket, Bind::blob(name.key)));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? std::optional<UploadRow>(upload_of(rows)) : std::nullopt;
}

Result<std::vector<UploadRow>> read_uploads(Queryable& from, const UploadPage& page) {
  // A name of hexadecimal digits is before "g", so that an empty one can mean "behind all".
  const std::string_view after_name = page.after_name.empty() ? "g" : page.after_name;
  ASSIGN_OR_RETURN(
      Statement rows,
      from.query("SELECT id, name, bucket, key, started_s, headers, algorithm, full_object"
                 " FROM upload WHERE bucket = ?1 AND (key > ?2 OR (key = ?2 AND name > ?3))"
                 " ORDER BY key, name LIMIT ?4",
                 page.bucket, Bind::blob(page.after_key), after_name, page.most));
  std::vector<UploadRow> uploads;
  RETURN_IF_ERROR(
      for_rows(std::move(rows), [&](const Statement& row) { uploads.push_back(upload_of(row)); }));
  return uploads;
}

Result<void> put_part(Transaction& in, std::int64_t upload, const Part& part) {
  ASSIGN_OR_RETURN(const std::vector<Part> old, read_parts(in, upload, part.number - 1, 1));
  if (!old.empty() && old.front().number == part.number) {
    if (old.front().blob == part.blob) return {};
    RETURN_IF_ERROR(
        in.run("DELETE FROM part WHERE upload = ? AND number = ?", upload, part.number));
    RETURN_IF_ERROR(release_blob(in, old.front().blob));
  }
  RETURN_IF_ERROR(hold_blob(in, part.blob, part.size));
  RETURN_IF_ERROR(in.run("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", upload, part.number,
                         part.blob, part.size, part.etag, static_cast<std::int64_t>(part.crc64),
                         part.checksum.algorithm, part.checksum.value,
                         base::unix_seconds(part.modified)));
  return {};
}

Result<std::vector<Part>> read_parts(Queryable& from, std::int64_t upload, std::int64_t after,
                                     std::size_t most) {
  ASSIGN_OR_RETURN(
      Statement rows,
      from.query("SELECT number, blob, size, etag, crc64, algorithm, checksum, modified_s"
                 " FROM part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?",
                 upload, after, most));
  std::vector<Part> parts;
  RETURN_IF_ERROR(
      for_rows(std::move(rows), [&](const Statement& row) { parts.push_back(part_of(row)); }));
  return parts;
}

Result<void> drop_upload(Transaction& in, std::int64_t upload) {
  ASSIGN_OR_RETURN(const std::vector<Part> parts,
                   read_parts(in, upload, 0, static_cast<std::size_t>(kPartsMax)));
  for (const Part& part : parts) RETURN_IF_ERROR(release_blob(in, part.blob));
  RETURN_IF_ERROR(in.run("DELETE FROM part WHERE upload = ?", upload));
  RETURN_IF_ERROR(in.run("DELETE FROM upload WHERE id = ?", upload));
  return {};
}

Result<void> drop_uploads_of(Transaction& in, std::int64_t bucket) {
  ASSIGN_OR_RETURN(const std::vector<std::int64_t> ids,
                   numbers(in.query("SELECT id FROM upload WHERE bucket = ?", bucket)));
  for (const std::int64_t id : ids) RETURN_IF_ERROR(drop_upload(in, id));
  RETURN_IF_ERROR(in.run("DELETE FROM completed_upload WHERE bucket = ?", bucket));
  return {};
}

Result<void> drop_old_uploads(Transaction& in, base::WallTime now) {
  ASSIGN_OR_RETURN(const std::vector<std::int64_t> ids,
                   numbers(in.query("SELECT id FROM upload WHERE started_s < ?",
                                    base::unix_seconds(now - kUploadIdleMax))));
  for (const std::int64_t id : ids) RETURN_IF_ERROR(drop_upload(in, id));
  RETURN_IF_ERROR(in.run("DELETE FROM completed_upload WHERE completed_s < ?",
                         base::unix_seconds(now - kCompletedKept)));
  return {};
}

Result<std::int64_t> complete_upload(Transaction& in, const Completion& what) {
  ASSIGN_OR_RETURN(const std::int64_t list, add_list(in, what.parts.size()));
  std::size_t n = 0;
  for (const Part& part : what.parts) {
    RETURN_IF_ERROR(
        add_segment(in, list, n++, {.blob = part.blob, .size = part.size, .crc64 = part.crc64}));
    RETURN_IF_ERROR(hold_blob(in, part.blob, part.size));
  }
  const UploadRow& upload = what.upload;
  RETURN_IF_ERROR(drop_upload(in, upload.id));
  RETURN_IF_ERROR(in.run("INSERT INTO completed_upload VALUES (?, ?, ?, ?, ?)", upload.name,
                         upload.bucket, Bind::blob(upload.key), what.etag,
                         base::unix_seconds(what.now)));
  return list;
}

Result<std::optional<std::string>> find_completed(Queryable& from, const UploadName& name) {
  ASSIGN_OR_RETURN(
      Statement rows,
      from.query("SELECT etag FROM completed_upload WHERE name = ? AND bucket = ? AND key = ?",
                 name.name, name.bucket, Bind::blob(name.key)));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? std::optional<std::string>(rows.text(0)) : std::nullopt;
}

Result<std::vector<Segment>> read_segments(Queryable& from, std::int64_t list) {
  ASSIGN_OR_RETURN(
      Statement rows,
      from.query("SELECT blob, size, crc64 FROM segment WHERE list = ? ORDER BY n", list));
  std::vector<Segment> segments;
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) {
    segments.push_back({.blob = row.uid(0), .size = row.uint64(1), .crc64 = row.uint64(2)});
  }));
  return segments;
}

Result<std::int64_t> copy_segments(Transaction& in, std::int64_t list) {
  ASSIGN_OR_RETURN(const std::vector<Segment> segments, read_segments(in, list));
  ASSIGN_OR_RETURN(const std::int64_t copy, add_list(in, segments.size()));
  std::size_t n = 0;
  for (const Segment& segment : segments) {
    RETURN_IF_ERROR(add_segment(in, copy, n++, segment));
    RETURN_IF_ERROR(hold_blob(in, segment.blob, segment.size));
  }
  return copy;
}

Result<void> drop_segments(Transaction& in, std::int64_t list) {
  ASSIGN_OR_RETURN(const std::vector<Segment> segments, read_segments(in, list));
  RETURN_IF_ERROR(in.run("DELETE FROM segment WHERE list = ?", list));
  RETURN_IF_ERROR(in.run("DELETE FROM segment_list WHERE id = ?", list));
  for (const Segment& segment : segments) RETURN_IF_ERROR(release_blob(in, segment.blob));
  return {};
}

}  // namespace hyd::objects
