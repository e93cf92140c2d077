// GetObject and HeadObject. A worker finds the row and opens or pins the blobs that it names, so
// what it found stays whole however the object changes. Up to kPieceBytes are answered at once,
// more is read piece by piece while it is sent. Bytes that are not what was written are never sent
// as if they were: a whole object is summed up again, and a wrong sum is 500, or cuts the answer
// short before its last piece.
#include "base/parse_int.h"
#include "codec/checksum.h"
#include "codec/time_text.h"
#include "objects/blob_reader.h"
#include "objects/digests.h"
#include "objects/faults.h"
#include "objects/multipart.h"
#include "objects/s3/conditions.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hyd::objects {
namespace {

using aws::Fault;
using aws::Outcome;

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr int kTriesMax = 3;  // of opening a blob that is being replaced

// What was asked, without views into the request.
struct Wanted {
  Address address;
  ReadConditions conditions;
  std::string range = {};  // the header's value
  std::string if_range = {};
  std::optional<std::int64_t> part = {};  // partNumber
  bool head = false;
  bool with_checksum = false;
  Headers overrides = {};  // response-*
};

// What a worker has found.
struct Found {
  Object object;
  bool not_modified = false;
  bool partial = false;
  Range range = {};
  sys::SharedBytes bytes = {};                   // all of the range, or
  std::shared_ptr<BlobReader> reader = nullptr;  // where it comes from
  std::size_t parts = 0;                         // of an upload in parts
};

struct Override {
  std::string_view parameter;
  std::string_view header;
};
constexpr Override kOverrides[] = {
    {"response-content-type", "content-type"},
    {"response-content-language", "content-language"},
    {"response-content-disposition", "content-disposition"},
    {"response-content-encoding", "content-encoding"},
    {"response-cache-control", "cache-control"},
    {"response-expires", "expires"},
};

// Names as S3 writes them; others stay in lower case.
constexpr Override kSpelling[] = {
    {"content-type", "Content-Type"},
    {"content-language", "Content-Language"},
    {"content-disposition", "Content-Disposition"},
    {"content-encoding", "Content-Encoding"},
    {"cache-control", "Cache-Control"},
    {"expires", "Expires"},
};

std::string_view spelling(std::string_view name) {
  for (const Override& row : kSpelling) {
    if (row.parameter == name) return row.header;
  }
  return name;
}

// Decides what of the object is to be sent.
Outcome<void> choose_range(const Wanted& wanted, const std::vector<Segment>& segments,
                           Found& found) {
  const Object& object = found.object;
  found.range = {.first = 0, .length = object.size};
  found.parts = segments.size();
  if (wanted.part) {
    const auto number = static_cast<std::size_t>(*wanted.part);
    if (number > std::max<std::size_t>(segments.size(), 1)) return invalid_part();
    found.partial = object.size > 0;
    if (segments.empty()) return {};
    for (std::size_t i = 0; i + 1 < number; ++i) found.range.first += segments[i].size;
    found.range.length = segments[number - 1].size;
    return {};
  }
  if (wanted.range.empty()) return {};
  if (!wanted.if_range.empty() && !etag_matches(wanted.if_range, object.etag)) {
    const auto date = codec::parse_http_date(wanted.if_range);
    if (!date || object.modified > *date) return {};
  }
  const RangeDecision decision = read_range(wanted.range, object.size);
  if (decision.verdict == RangeVerdict::unsatisfiable) {
    return invalid_range({.requested = wanted.range, .size = object.size});
  }
  found.partial = decision.verdict == RangeVerdict::part;
  if (found.partial) found.range = decision.range;
  return {};
}

// All of a small range in one piece.
base::Result<sys::SharedBytes> read_small(BlobReader& reader, std::size_t size) {
  ASSIGN_OR_RETURN(sys::SharedBytes first, reader.next(size));
  if (first.size() == size) return first;
  std::string bytes(first.view());
  while (bytes.size() < size) {
    ASSIGN_OR_RETURN(const sys::SharedBytes more, reader.next(size - bytes.size()));
    bytes += more.view();
  }
  return sys::SharedBytes::copy_of(bytes);
}

// The bytes of the range, or what they will be read from.
base::Result<void> fetch(Store& store, catalog::Reader& reader, std::int64_t bucket,
                         const std::vector<Segment>& segments, Found& found) {
  const Object& object = found.object;
  if (object.inline_row != 0) {
    ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                     read_inline(reader, object.inline_row));
    if (!bytes || bytes->size() != object.size || codec::crc64nvme(*bytes) != object.crc64) {
      return base::fail(base::Code::corrupt, "a small object is not what was written");
    }
    found.bytes = sys::SharedBytes::copy_of(std::string_view(*bytes).substr(
        static_cast<std::size_t>(found.range.first), static_cast<std::size_t>(found.range.length)));
    return {};
  }
  ASSIGN_OR_RETURN(found.reader, open_bytes(store, {.name = {.bucket = bucket, .key = object.key},
                                                    .object = object,
                                                    .segments = segments,
                                                    .range = found.range}));
  if (found.range.length > kPieceBytes) return {};
  ASSIGN_OR_RETURN(found.bytes,
                   read_small(*found.reader, static_cast<std::size_t>(found.range.length)));
  found.reader = nullptr;
  return {};
}

// One look; Code::not_found: the blob went away between the row and the file.
base::Result<Outcome<Found>> look(Store& store, const Wanted& wanted) {
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  ASSIGN_OR_RETURN(const catalog::Reader::Snapshot snapshot, reader->snapshot());
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, wanted.address.bucket));
  if (!bucket) return Outcome<Found>(no_such_bucket(wanted.address.bucket));
  ASSIGN_OR_RETURN(std::optional<Object> object,
                   find_object(*reader, {.bucket = bucket->id, .key = wanted.address.key}));
  if (!object) return Outcome<Found>(no_such_key(wanted.address.key));
  Found found{.object = *std::move(object)};
  const ReadDecision decision = decide(wanted.conditions, found.object, store.now());
  if (decision.verdict == ReadVerdict::failed) {
    return Outcome<Found>(precondition_failed(decision.failed_condition));
  }
  found.not_modified = decision.verdict == ReadVerdict::not_modified;
  if (found.not_modified) return Outcome<Found>(std::move(found));
  std::vector<Segment> segments;
  if (found.object.segments != 0) {
    ASSIGN_OR_RETURN(segments, read_segments(*reader, found.object.segments));
  }
  if (Outcome<void> chosen = choose_range(wanted, segments, found); !chosen) {
    return Outcome<Found>(std::move(chosen).error());
  }
  if (wanted.head || found.range.length == 0) return Outcome<Found>(std::move(found));
  RETURN_IF_ERROR(fetch(store, *reader, bucket->id, segments, found));
  return Outcome<Found>(std::move(found));
}

Outcome<Found> find(Store& store, const Wanted& wanted) {
  base::Error last;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    base::Result<Outcome<Found>> found = look(store, wanted);
    if (found) return *std::move(found);
    last = std::move(found).error();
    if (last.code != base::Code::not_found) break;
  }
  // The row is there and its file is not.
  if (last.code == base::Code::not_found) last.code = base::Code::corrupt;
  return fault_of(std::move(last));
}

// The pieces of a large range, read on workers.
class BlobSource final : public net::BodySource {
 public:
  BlobSource(S3Handler& handler, std::shared_ptr<BlobReader> reader)
      : handler_(handler), reader_(std::move(reader)) {}
  // The last one of an object that is gone.
  ~BlobSource() override {
    reader_ = nullptr;
    handler_.tidy();
  }

  void next(base::Done<sys::SharedBytes> done) override {
    auto out = std::make_shared<base::Result<sys::SharedBytes>>();
    auto told = std::make_shared<base::Done<sys::SharedBytes>>(std::move(done));
    std::move_only_function<void()> task = [reader = reader_, out] {
      *out = reader->next(kPieceBytes);
    };
    std::move_only_function<void()> then = [&handler = handler_, told, out] {
      std::exchange(*told, nullptr)(std::move(*out));
      handler.tidy();  // this object may have gone meanwhile, and the task was the last reader
    };
    if (handler_.submit(task, then)) return;
    *out = base::fail(base::Code::exhausted, "the workers have too much to do");
    then();
  }

 private:
  S3Handler& handler_;
  std::shared_ptr<BlobReader> reader_;  // a worker's while a piece is being read
};

void add_stored_headers(const Found& found, const Wanted& wanted, net::Response& response) {
  const Headers& stored = found.object.headers;
  const auto value_of = [&](std::string_view name) {
    const std::string_view over = find_header(wanted.overrides, name);
    return over.empty() ? find_header(stored, name) : over;
  };
  const std::string_view type = value_of("content-type");
  response.add("Content-Type", type.empty() ? "binary/octet-stream" : type);
  for (const auto& [name, value] : stored) {
    if (name == "content-type" || !find_header(wanted.overrides, name).empty()) continue;
    response.add(spelling(name), value);
  }
  for (const auto& [name, value] : wanted.overrides) {
    if (name != "content-type") response.add(spelling(name), value);
  }
}

net::Response answer(const Found& found, const Wanted& wanted) {
  const Object& object = found.object;
  net::Response response;
  response.add("Last-Modified", codec::http_date(object.modified));
  response.add("ETag", "\"" + object.etag + "\"");
  if (found.not_modified) {
    response.status = 304;
    for (const std::string_view name : {"cache-control", "expires"}) {
      const std::string_view value = find_header(object.headers, name);
      if (!value.empty()) response.add(spelling(name), value);
    }
    return response;
  }
  response.add("Accept-Ranges", "bytes");
  add_stored_headers(found, wanted, response);
  if (found.partial) {
    response.status = 206;
    response.add("Content-Range",
                 fmt::format("bytes {}-{}/{}", found.range.first,
                             found.range.first + found.range.length - 1, object.size));
  }
  const std::optional<Algorithm> algorithm = algorithm_named(object.checksum.algorithm);
  if (wanted.with_checksum && algorithm && found.range.length == object.size) {
    response.add(info(*algorithm).header, object.checksum.value);
    const bool composite = object.checksum.value.contains('-');
    response.add("x-amz-checksum-type", composite ? "COMPOSITE" : "FULL_OBJECT");
  }
  if (wanted.part && found.parts > 0) {
    response.add("x-amz-mp-parts-count", std::to_string(found.parts));
  }
  response.length = found.range.length;
  response.shared = found.bytes;
  return response;
}

// 416 also tells the size in a header.
void refuse(Reply reply, Fault fault) {
  Headers extra;
  for (const auto& [name, value] : fault.details) {
    if (name == "ActualObjectSize") extra.emplace_back("Content-Range", "bytes */" + value);
  }
  reply.fail(std::move(fault), extra);
}

Outcome<Wanted> read_wanted(const Ask& ask) {
  const net::RequestHead& head = ask.head();
  Wanted wanted{.address = ask.address,
                .conditions = ReadConditions::from(head),
                .range = std::string(head.find("range").value_or("")),
                .if_range = std::string(head.find("if-range").value_or("")),
                .head = head.method == "HEAD"};
  if (const std::string* version = ask.parameter("versionId"); version && *version != "null") {
    return no_such_version({.key = ask.address.key, .id = *version});
  }
  if (const std::string* part = ask.parameter("partNumber")) {
    const auto number = base::parse_int<std::int64_t>(*part);
    if (!number || *number < 1) {
      return invalid_argument({"partNumber", *part},
                              "Part number must be an integer between 1 and 10000, inclusive");
    }
    if (!wanted.range.empty()) {
      return invalid_request("Cannot specify both Range header and partNumber query parameter");
    }
    wanted.part = number;
  }
  const std::string_view mode = head.find("x-amz-checksum-mode").value_or("");
  wanted.with_checksum = mode == "ENABLED" || mode == "enabled";
  for (const Override& row : kOverrides) {
    if (const std::string* value = ask.parameter(row.parameter)) {
      wanted.overrides.emplace_back(row.header, *value);
    }
  }
  return wanted;
}

}  // namespace

void get_object(S3Handler& handler, Ask ask) {
  Outcome<Wanted> read = read_wanted(ask);
  if (!read) return ask.reply.fail(std::move(read).error());
  auto wanted = std::make_shared<const Wanted>(*std::move(read));
  handler.on_worker<Found>(
      [&store = handler.store(), wanted] { return find(store, *wanted); },
      [&handler, wanted, reply = std::move(ask.reply)](Outcome<Found> found) mutable {
        if (!found) return refuse(std::move(reply), std::move(found).error());
        net::Response response = answer(*found, *wanted);
        if (found->reader) {
          response.source = std::make_unique<BlobSource>(handler, std::move(found->reader));
        }
        reply.send(std::move(response));
      });
}

}  // namespace hyd::objects
