// Reads a run of an object's bytes from its blobs, piece by piece, and holds every blob that is
// read whole against its sum: bytes that are not what was written are an error before the last
// piece of that blob is handed out.
//
// Blocks; a worker's, one call at a time.
#pragma once

#include "base/result.h"
#include "base/uid.h"
#include "objects/blobs.h"
#include "objects/multipart.h"
#include "objects/object.h"
#include "objects/store.h"
#include "objects/tables.h"
#include "sys/file.h"
#include "sys/shared_bytes.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace hyd::objects {

// A run of one blob.
struct Slice {
  base::Uid blob;
  std::uint64_t at = 0;
  std::uint64_t length = 0;  // not 0
  std::uint64_t crc64 = 0;   // of the whole blob
  bool whole = false;        // the run is the blob
};

struct Range {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};
// The runs of blobs that make up `range` of an object that is not inline; `segments` are its own.
std::vector<Slice> slices_of(const Object& object, const std::vector<Segment>& segments,
                             Range range);

class BlobReader {
 public:
  // `blobs` outlives it. `pin` keeps those of `slices`; without one a blob that was removed before
  // it is reached is an error then.
  BlobReader(Blobs& blobs, std::vector<Slice> slices, Store::Pin pin = {})
      : blobs_(blobs), slices_(std::move(slices)), pin_(std::move(pin)) {}

  // Opens the first blob, which is good from then on whatever happens to its object. Others are
  // opened when they are reached.
  base::Result<void> open();
  // The next bytes, at most `most` and none only at the end. Code::corrupt: not what was written.
  base::Result<sys::SharedBytes> next(std::size_t most);

 private:
  Blobs& blobs_;
  std::vector<Slice> slices_;
  Store::Pin pin_;
  std::size_t current_ = 0;
  std::shared_ptr<sys::File> file_;
  std::uint64_t sum_ = 0;  // of the current slice so far
};

// What `range` of an object, not inline and not empty, is read from: good to the end from here on,
// however the object is overwritten or removed. Code::not_found: it has changed since it was found,
// and is to be looked for again.
struct BytesOf {
  ObjectName name;
  const Object& object;  // as it was found
  const std::vector<Segment>& segments;
  Range range;
};
base::Result<std::unique_ptr<BlobReader>> open_bytes(Store& store, const BytesOf& what);

}  // namespace hyd::objects
