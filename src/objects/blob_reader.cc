#include "objects/blob_reader.h"

#include "codec/checksum.h"

#include <algorithm>
#include <span>

namespace hyd::objects {

std::vector<Slice> slices_of(const Object& object, const std::vector<Segment>& segments,
                             Range range) {
  if (range.length == 0) return {};
  if (segments.empty()) {
    return {{.blob = object.blob,
             .at = range.first,
             .length = range.length,
             .crc64 = object.crc64,
             .whole = range.length == object.size}};
  }
  std::vector<Slice> slices;
  std::uint64_t start = 0;
  for (const Segment& segment : segments) {
    const std::uint64_t from = std::max(start, range.first);
    const std::uint64_t to = std::min(start + segment.size, range.first + range.length);
    if (from < to) {
      slices.push_back({.blob = segment.blob,
                        .at = from - start,
                        .length = to - from,
                        .crc64 = segment.crc64,
                        .whole = to - from == segment.size});
    }
    start += segment.size;
  }
  return slices;
}

base::Result<std::unique_ptr<BlobReader>> open_bytes(Store& store, const BytesOf& what) {
  std::vector<Slice> slices = slices_of(what.object, what.segments, what.range);
  Store::Pin pin;
  if (slices.size() > 1) {
    std::vector<base::Uid> ids;
    ids.reserve(slices.size());
    for (const Slice& slice : slices) ids.push_back(slice.blob);
    pin = Store::Pin(store, std::move(ids));
    // Behind the pin, and with a reader of its own: one that is in a snapshot sees the past.
    ASSIGN_OR_RETURN(Store::Reading now, store.read());
    ASSIGN_OR_RETURN(const std::optional<Object> there, find_object(*now, what.name));
    if (!there || there->segments != what.object.segments) {
      return base::fail(base::Code::not_found, "the object has changed");
    }
  }
  auto reader = std::make_unique<BlobReader>(store.blobs(), std::move(slices), std::move(pin));
  RETURN_IF_ERROR(reader->open());
  return reader;
}

base::Result<void> BlobReader::open() {
  if (file_ || current_ == slices_.size()) return {};
  ASSIGN_OR_RETURN(file_, blobs_.open(slices_[current_].blob));
  sum_ = 0;
  return {};
}

base::Result<sys::SharedBytes> BlobReader::next(std::size_t most) {
  if (current_ == slices_.size()) return sys::SharedBytes();
  RETURN_IF_ERROR(open());
  Slice& slice = slices_[current_];
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(slice.length, most));
  base::Result<std::size_t> got = std::size_t{0};
  sys::SharedBytes piece = sys::SharedBytes::make(
      size, [&](std::span<char> out) { got = file_->read_at(slice.at, out); });
  if (!got) return std::unexpected(std::move(got).error());
  if (slice.whole) sum_ = codec::crc64nvme(piece.view(), sum_);
  slice.at += size;
  slice.length -= size;
  if (*got != size || (slice.whole && slice.length == 0 && sum_ != slice.crc64)) {
    return base::fail(base::Code::corrupt, "blob " + slice.blob.hex() + " is not what was written");
  }
  if (slice.length == 0) {
    ++current_;
    file_ = nullptr;
  }
  return piece;
}

}  // namespace hyd::objects
