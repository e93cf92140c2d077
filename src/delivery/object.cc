#include "delivery/object.h"

#include "codec/gzip.h"

#include <fmt/core.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t kPieceBytes = 1u << 20;
constexpr std::uint64_t kSliceBytes = 4u << 20;
constexpr std::size_t kMetadataBytesMax = 1'800;  // S3 takes 2 KB
constexpr std::string_view kMeta = "x-amz-meta-hydrant-";

// Gathers the body in pieces, compressed or not.
class Body {
 public:
  explicit Body(Compression compression) {
    if (compression == Compression::gzip) compressor_.emplace();
  }
  void add(std::string_view bytes) {
    if (bytes.empty()) return;
    if (compressor_) {
      compressor_->add(bytes, pieces_.back());
    } else {
      pieces_.back().append(bytes);
    }
    if (pieces_.back().size() >= kPieceBytes) pieces_.emplace_back();
  }
  std::vector<std::string> finish() {
    if (compressor_) compressor_->finish(pieces_.back());
    return std::move(pieces_);
  }

 private:
  std::optional<codec::Compressor> compressor_;
  std::vector<std::string> pieces_ = std::vector<std::string>(1);
};

Result<void> compare(const Intent& intent, const std::map<log::ShardNumber, Range>& read) {
  for (const Range& range : intent.inputs) {
    const auto found = read.find(range.shard);
    if (found != read.end() && found->second == range) continue;
    return fail(Code::corrupt,
                fmt::format("shard {}, places {} to {}: {} records of {} are there",
                            range.shard.raw(), range.first, range.last,
                            found == read.end() ? 0 : found->second.count, range.count));
  }
  return {};
}

}  // namespace

Result<Object> build_object(const Intent& intent, const Plan& plan, Merge::Parts parts) {
  std::vector<Stretch> stretches;
  for (const Range& range : intent.inputs) {
    stretches.push_back({.shard = range.shard, .from = range.first, .to = range.last + 1});
  }
  Merge merge(std::move(parts), std::move(stretches), kSliceBytes);
  Body body(plan.compression);
  std::map<log::ShardNumber, Range> read;
  for (;;) {
    ASSIGN_OR_RETURN(const std::optional<Merge::Record> record, merge.peek());
    if (!record) break;
    body.add(record->data);
    body.add(plan.delimiter);
    Range& range = read[record->shard];
    if (range.count == 0) {
      range.shard = record->shard;
      range.first = record->place;
    }
    range.last = record->place;
    ++range.count;
    range.bytes += record->data.size();
    merge.take();
  }
  RETURN_IF_ERROR(compare(intent, read));
  return Object{.pieces = body.finish(), .headers = object_headers(intent, plan.compression)};
}

std::vector<std::pair<std::string, std::string>> object_headers(const Intent& intent,
                                                                Compression compression) {
  std::vector<std::pair<std::string, std::string>> headers;
  headers.emplace_back("content-type", "application/octet-stream");
  if (compression == Compression::gzip) headers.emplace_back("content-encoding", "gzip");
  const auto meta = [&](std::string_view name, std::string value) {
    headers.emplace_back(std::string(kMeta) + std::string(name), std::move(value));
  };
  meta("batch", uuid_text(intent.batch));
  meta("records", std::to_string(intent.records()));
  std::string first;
  std::string last;
  for (const Range& range : intent.inputs) {
    const std::string_view comma = first.empty() ? "" : ",";
    first += fmt::format("{}{}:{}.0", comma, range.shard.raw(), range.first);
    last += fmt::format("{}{}:{}.0", comma, range.shard.raw(), range.last);
  }
  std::size_t bytes = first.size() + last.size() + 2 * kMeta.size() + 9;
  for (const auto& [name, value] : headers) bytes += name.size() + value.size();
  if (bytes > kMetadataBytesMax) {
    meta("ranges", "journal");
  } else {
    meta("first", std::move(first));
    meta("last", std::move(last));
  }
  return headers;
}

}  // namespace hyd::delivery
