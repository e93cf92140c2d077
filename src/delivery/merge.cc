#include "delivery/merge.h"

#include "base/check.h"
#include "sys/wait_for.h"

#include <algorithm>
#include <utility>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::uint64_t kSliceBytesMin = 64u << 10;

}  // namespace

Merge::Merge(Parts parts, std::vector<Stretch> stretches, std::uint64_t bytes_max)
    : parts_(std::move(parts)) {
  for (const Stretch& stretch : stretches) sources_.push_back({.stretch = stretch});
  slice_bytes_ = std::max(kSliceBytesMin, bytes_max / std::max<std::uint64_t>(sources_.size(), 1));
}

Result<void> Merge::fill(Source& source) {
  source.records.clear();
  source.bytes.clear();
  source.at = 0;
  Stretch& stretch = source.stretch;
  while (source.records.empty() && stretch.from < stretch.to) {
    if (parts_.stopping()) return fail(Code::cancelled, "stopping");
    const log::ReadRequest request{.shard = stretch.shard,
                                   .from = log::Place(stretch.from),
                                   .bytes_max = slice_bytes_,
                                   .up_to = log::Mark::durable};
    Result<log::ReadResult> got = sys::wait_for<log::ReadResult>(
        parts_.runtime, [&](auto done) { parts_.log.read(nullptr, request, std::move(done)); });
    if (!got) {
      if (!stretch.may_be_gone || got.error().code != Code::not_found) {
        return std::move(got).error();
      }
      stretch.from = stretch.to;
      break;
    }
    for (log::ReadRecord& record : got->records) {
      if (record.place.raw() < stretch.to) source.records.push_back(record);
    }
    source.bytes = std::move(got->bytes);
    if (got->next.raw() <= stretch.from && !got->caught_up) {
      return fail(Code::corrupt, "the log cannot be read on");  // else it would be asked for ever
    }
    stretch.from = got->caught_up ? std::max(got->next.raw(), stretch.to) : got->next.raw();
  }
  source.ended = source.records.empty();
  return {};
}

Result<std::optional<Merge::Record>> Merge::peek() {
  next_ = nullptr;
  for (Source& source : sources_) {
    if (source.ended) continue;
    if (source.at == source.records.size()) RETURN_IF_ERROR(fill(source));
    if (source.ended) continue;
    if (next_ == nullptr || source.records[source.at].place < next_->records[next_->at].place) {
      next_ = &source;
    }
  }
  if (next_ == nullptr) return std::optional<Record>();
  const log::ReadRecord& record = next_->records[next_->at];
  return std::optional<Record>(Record{.shard = next_->stretch.shard,
                                      .place = record.place.raw(),
                                      .arrival_ms = record.arrival_ms,
                                      .data = record.data});
}

void Merge::take() {
  HYD_CHECK(next_ != nullptr);
  ++next_->at;
  next_ = nullptr;
}

}  // namespace hyd::delivery
