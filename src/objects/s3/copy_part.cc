// UploadPartCopy: a run of an object's bytes becomes a part. Its MD5 is asked for, so the bytes are
// read and written again, on the workers, a slice at each turn so that others are served between;
// then its row is put. A client that goes away ends it.
#include "base/parse_int.h"
#include "codec/base64.h"
#include "codec/time_text.h"
#include "codec/xml.h"
#include "objects/blob_reader.h"
#include "objects/digests.h"
#include "objects/faults.h"
#include "objects/multipart.h"
#include "objects/s3/copy_source.h"
#include "objects/s3/documents.h"
#include "objects/s3/put_request.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace hyd::objects {
namespace {

using aws::Fault;
using aws::Outcome;
using Refusal = std::optional<Fault>;

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::uint64_t kSliceBytes = 4 << 20;  // of one turn on a worker
constexpr int kTriesMax = 3;                    // of opening an object that is being replaced

// A worker's while a turn runs, the loop's between.
struct PartCopy {
  Store& store;
  Address source;
  Address target;
  PartTarget part;
  ReadConditions conditions;
  std::string range = {};  // x-amz-copy-source-range
  // What the workers have made.
  Part made = {};
  std::unique_ptr<BlobReader> from = nullptr;  // of an object that is a file or several
  std::unique_ptr<Blobs::Writer> to = nullptr;
  std::optional<Digests> digests = std::nullopt;

  // The next slice. Nothing is left behind when it fails.
  Outcome<S3Handler::Turn> copy_slice();
  void give_up();
  base::Result<Refusal> commit(catalog::Transaction& in);

 private:
  Outcome<Range> choose_range(std::uint64_t size) const;
  base::Result<Refusal> begin();
  base::Result<bool> go_on();
};

// "bytes=a-b", both given; all of the object without it.
Outcome<Range> PartCopy::choose_range(std::uint64_t size) const {
  if (range.empty()) return Range{.first = 0, .length = size};
  constexpr std::string_view kUnit = "bytes=";
  const std::string_view text = range;
  const std::size_t dash = text.find('-');
  if (text.starts_with(kUnit) && dash != std::string_view::npos) {
    const auto first =
        base::parse_int<std::uint64_t>(text.substr(kUnit.size(), dash - kUnit.size()));
    const auto last = base::parse_int<std::uint64_t>(text.substr(dash + 1));
    if (first && last && *first <= *last) {
      if (*last >= size) {
        Fault fault = invalid_range({.requested = range, .size = size});
        fault.status = 400;
        return fault;
      }
      return Range{.first = *first, .length = *last - *first + 1};
    }
  }
  return invalid_argument({"x-amz-copy-source-range", range},
                          "The x-amz-copy-source-range value must be of the form bytes=first-last "
                          "where first and last are the zero-based offsets of the first and last "
                          "bytes to copy");
}

// What can be refused before the first byte, and where bytes come from and go to.
base::Result<Refusal> PartCopy::begin() {
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  std::string small;
  std::optional<UploadRow> upload;
  Range run;
  {
    ASSIGN_OR_RETURN(const catalog::Reader::Snapshot snapshot, reader->snapshot());
    ASSIGN_OR_RETURN(const std::optional<Bucket> into, find_bucket(*reader, target.bucket));
    if (!into) return Refusal(no_such_bucket(target.bucket));
    ASSIGN_OR_RETURN(
        upload, find_upload(*reader, {.bucket = into->id, .key = target.key, .name = part.upload}));
    if (!upload) return Refusal(no_such_upload(part.upload));
    ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, source.bucket));
    if (!bucket) return Refusal(no_such_bucket(source.bucket));
    const ObjectName name{.bucket = bucket->id, .key = source.key};
    ASSIGN_OR_RETURN(const std::optional<Object> object, find_object(*reader, name));
    if (!object) return Refusal(no_such_key(source.key));
    const ReadDecision decision = decide(conditions, *object, store.now());
    if (decision.verdict != ReadVerdict::go_on) {
      return Refusal(precondition_failed(decision.failed_condition));
    }
    Outcome<Range> chosen = choose_range(object->size);
    if (!chosen) return Refusal(std::move(chosen).error());
    run = *chosen;
    if (object->inline_row != 0) {
      ASSIGN_OR_RETURN(const std::optional<std::string> all,
                       read_inline(*reader, object->inline_row));
      if (!all) return base::fail(base::Code::corrupt, "an object without its bytes");
      small =
          all->substr(static_cast<std::size_t>(run.first), static_cast<std::size_t>(run.length));
    } else {
      std::vector<Segment> segments;
      if (object->segments != 0) {
        ASSIGN_OR_RETURN(segments, read_segments(*reader, object->segments));
      }
      ASSIGN_OR_RETURN(
          from,
          open_bytes(store, {.name = name, .object = *object, .segments = segments, .range = run}));
    }
  }
  made.number = part.number;
  made.size = run.length;
  digests.emplace(Digests::Wanted{.checksum = algorithm_named(upload->algorithm)});
  ASSIGN_OR_RETURN(to, store.begin(run.length, Purpose::client));
  digests->update(small);
  RETURN_IF_ERROR(to->append(small));
  return Refusal();
}

// False when that was the last slice, and the part is durable.
base::Result<bool> PartCopy::go_on() {
  const std::uint64_t end = std::min(to->size() + kSliceBytes, made.size);
  while (from && to->size() < end) {
    ASSIGN_OR_RETURN(const sys::SharedBytes piece, from->next(kPieceBytes));
    digests->update(piece.view());
    RETURN_IF_ERROR(to->append(piece.view()));
  }
  if (to->size() < made.size) return true;
  RETURN_IF_ERROR(to->finish());
  made.blob = to->id();
  made.etag = digests->md5().hex();
  made.crc64 = digests->crc64();
  made.checksum = {.algorithm = std::string(info(digests->algorithm()).name),
                   .value = codec::base64_encode(digests->checksum())};
  made.modified = store.now();
  give_up();
  return false;
}

void PartCopy::give_up() {
  to = nullptr;
  from = nullptr;
}

Outcome<S3Handler::Turn> PartCopy::copy_slice() {
  if (!to) {
    base::Result<Refusal> refused = begin();
    for (int tries = 1; !refused && refused.error().code == base::Code::not_found; ++tries) {
      if (tries == kTriesMax) break;
      refused = begin();
    }
    if (!refused || *refused) give_up();
    if (!refused) return fault_of(std::move(refused).error());
    if (*refused) return **std::move(refused);
  }
  const base::Result<bool> more = go_on();
  if (more) return *more ? S3Handler::Turn::more : S3Handler::Turn::last;
  give_up();
  return fault_of(more.error());
}

base::Result<Refusal> PartCopy::commit(catalog::Transaction& in) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, target.bucket));
  if (!bucket) return Refusal(no_such_bucket(target.bucket));
  ASSIGN_OR_RETURN(const std::optional<UploadRow> upload,
                   find_upload(in, {.bucket = bucket->id, .key = target.key, .name = part.upload}));
  if (!upload) return Refusal(no_such_upload(part.upload));
  RETURN_IF_ERROR(put_part(in, upload->id, made));
  store.expect_garbage();
  return Refusal();
}

std::string copied_part_document(const Part& part) {
  std::string text;
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("CopyPartResult", {{"xmlns", kXmlNamespace}});
  xml.element("LastModified", codec::iso_millis(part.modified));
  xml.element("ETag", quoted(part.etag));
  xml.close();
  return text;
}

// The part is durable: its row is put and the copy answered.
void commit_part_copy(S3Handler& handler, std::shared_ptr<PartCopy> copy, Reply reply) {
  handler.change(
      catalog::Lane::object, [copy](catalog::Transaction& in) { return copy->commit(in); },
      [&handler, copy, reply = std::move(reply)](Refusal fault) mutable {
        if (fault) {
          handler.on_worker<int>(
              [copy]() -> Outcome<int> {
                Staged unused;
                unused.object.blob = copy->made.blob;
                copy->store.discard(unused);
                return 0;
              },
              [](const Outcome<int>&) {});
          return reply.fail(*std::move(fault));
        }
        net::Response response = xml_response();
        response.body = copied_part_document(copy->made);
        reply.send(std::move(response));
        handler.tidy();
      });
}

}  // namespace

void copy_part(S3Handler& handler, Ask ask) {
  const net::RequestHead& head = ask.head();
  Outcome<PartTarget> part = read_part_target(head);
  if (!part) return ask.reply.fail(std::move(part).error());
  Outcome<Address> source = read_source(head.find("x-amz-copy-source").value_or(""));
  if (!source) return ask.reply.fail(std::move(source).error());
  if (auto fault = refuse_source(handler, ask.caller.call, *source)) {
    return ask.reply.fail(*std::move(fault));
  }
  auto reply = std::make_shared<std::optional<Reply>>(std::move(ask.reply));
  auto copy = std::make_shared<PartCopy>(
      PartCopy{.store = handler.store(),
               .source = *std::move(source),
               .target = ask.address,
               .part = *std::move(part),
               .conditions = source_conditions(head),
               .range = std::string(head.find("x-amz-copy-source-range").value_or(""))});
  handler.in_turns({.slice = [copy] { return copy->copy_slice(); },
                    .go_on = [reply] { return (*reply)->responder().open(); },
                    .then =
                        [&handler, copy, reply](Outcome<S3Handler::Turn> copied) {
                          Reply to = *std::exchange(*reply, std::nullopt);
                          if (!copied) return to.fail(std::move(copied).error());
                          if (*copied == S3Handler::Turn::last) {
                            return commit_part_copy(handler, copy, std::move(to));
                          }
                          // Nobody waits for the answer. A file is removed where it may block.
                          handler.on_worker<int>(
                              [copy]() -> Outcome<int> {
                                copy->give_up();
                                return 0;
                              },
                              [](const Outcome<int>&) {});
                        }});
}

}  // namespace hyd::objects
