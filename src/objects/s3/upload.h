// The body of one PutObject on its way to the disk: unframed, summed up, written, and held against
// everything that the request said about it.
//
// Blocks; a worker's, one call at a time, each perhaps on another worker. Destroyed before `finish`
// it leaves nothing, which also blocks.
#pragma once

#include "aws/fault.h"
#include "objects/digests.h"
#include "objects/s3/chunked_body.h"
#include "objects/s3/put_request.h"
#include "objects/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::objects {

class Upload {
 public:
  // The store outlives it.
  Upload(Store& store, PutRequest request);

  // What can be refused before the body: the bucket, conditions, space.
  aws::Outcome<void> begin();
  aws::Outcome<void> feed(std::string_view bytes);
  // Durable, and everything that was promised of it holds.
  aws::Outcome<Staged> finish();
  const PutRequest& request() const { return request_; }

 private:
  base::Result<std::optional<aws::Fault>> look();
  std::optional<aws::Fault> sum_up_as(std::string_view algorithm);
  aws::Outcome<void> take(std::string_view bytes);
  aws::Outcome<void> open_file();
  aws::Outcome<void> check(const Object& object);

  Store& store_;
  PutRequest request_;
  Digests digests_;
  std::optional<ChunkedBody> framed_;
  std::string small_;  // up to kInlineBytesMax, then `file_` has it; parts are always files
  std::unique_ptr<Blobs::Writer> file_;
  std::uint64_t size_ = 0;
};

}  // namespace hyd::objects
