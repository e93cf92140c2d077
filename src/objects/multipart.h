// Uploads in parts, as rows: an upload, its parts, and the list of segments that an object becomes
// when it is completed. No byte moves: completing writes the list, copying counts references up.
// Plain functions over a transaction or a reader; blobs are counted as in tables.h.
#pragma once

#include "base/result.h"
#include "base/uid.h"
#include "catalog/statement.h"
#include "objects/object.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::objects {

// Uploads that nobody completes or aborts are aborted by the first start behind this.
inline constexpr std::chrono::days kUploadIdleMax{7};
// How long a completed upload is remembered, so that its repetition gets the same answer.
inline constexpr std::chrono::hours kCompletedKept{24};
inline constexpr std::int64_t kPartsMax = 10'000;
inline constexpr std::uint64_t kPartBytesMin = 5 << 20;  // of all parts but the last

struct UploadRow {
  std::int64_t id = 0;  // never used again
  std::string name;     // the UploadId: 32 hexadecimal digits
  std::int64_t bucket = 0;
  std::string key;
  base::WallTime started = {};
  Headers headers = {};
  std::string algorithm = {};  // of the checksum that was asked for; empty: none
  bool full_object = false;    // its type is FULL_OBJECT, not COMPOSITE
};

struct Part {
  std::int64_t number = 0;
  base::Uid blob = {};
  std::uint64_t size = 0;
  std::string etag = {};
  std::uint64_t crc64 = 0;
  Checksum checksum = {};
  base::WallTime modified = {};
};

// A run of an object's bytes: a whole blob.
struct Segment {
  base::Uid blob = {};
  std::uint64_t size = 0;
  std::uint64_t crc64 = 0;
};

base::Result<void> add_upload(catalog::Transaction& in, const UploadRow& upload);
struct UploadName {
  std::int64_t bucket;
  std::string_view key;
  std::string_view name;
};
base::Result<std::optional<UploadRow>> find_upload(catalog::Queryable& from,
                                                   const UploadName& name);
// By key, then by start. `most` from the one behind (`after_key`, `after_name`).
struct UploadPage {
  std::int64_t bucket = 0;
  std::string_view after_key = {};
  std::string_view after_name = {};  // empty: behind all of `after_key`
  std::size_t most = 0;
};
base::Result<std::vector<UploadRow>> read_uploads(catalog::Queryable& from, const UploadPage& page);

// Replaces a part of that number, whose blob goes.
base::Result<void> put_part(catalog::Transaction& in, std::int64_t upload, const Part& part);
// Behind `after`, in order.
base::Result<std::vector<Part>> read_parts(catalog::Queryable& from, std::int64_t upload,
                                           std::int64_t after, std::size_t most);
// With its parts.
base::Result<void> drop_upload(catalog::Transaction& in, std::int64_t upload);
base::Result<void> drop_uploads_of(catalog::Transaction& in, std::int64_t bucket);
// Those of all buckets that began before `time`; and completed ones that may be forgotten.
base::Result<void> drop_old_uploads(catalog::Transaction& in, base::WallTime now);

// The upload becomes a list of segments: the parts named, in order. Returns the list's number; the
// upload and its other parts are gone, and it is remembered as completed with `etag`.
struct Completion {
  const UploadRow& upload;
  const std::vector<Part>& parts;
  std::string_view etag;
  base::WallTime now;
};
base::Result<std::int64_t> complete_upload(catalog::Transaction& in, const Completion& what);
// The ETag of an upload that was completed a short while ago.
base::Result<std::optional<std::string>> find_completed(catalog::Queryable& from,
                                                        const UploadName& name);

base::Result<std::vector<Segment>> read_segments(catalog::Queryable& from, std::int64_t list);
// Another list of the same blobs.
base::Result<std::int64_t> copy_segments(catalog::Transaction& in, std::int64_t list);
// The blobs lose a reference.
base::Result<void> drop_segments(catalog::Transaction& in, std::int64_t list);

}  // namespace hyd::objects
