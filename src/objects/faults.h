// S3's refusals: codes, statuses and texts as its error table has them ("Error responses", Amazon
// S3 API Reference).
#pragma once

#include "aws/fault.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::objects {

aws::Fault no_such_bucket(std::string_view bucket);
aws::Fault no_such_key(std::string_view key);
aws::Fault no_such_upload(std::string_view upload);
struct Version {
  std::string_view key;
  std::string_view id;
};
aws::Fault no_such_version(const Version& version);
aws::Fault invalid_part();
aws::Fault invalid_part_order();
aws::Fault part_too_small();
aws::Fault no_such_tag_set(std::string_view bucket);
aws::Fault invalid_bucket_name(std::string_view bucket);
aws::Fault invalid_uri();
aws::Fault key_too_long(std::size_t bytes);
aws::Fault bucket_exists_differently(std::string_view bucket);  // BucketAlreadyOwnedByYou
aws::Fault bucket_not_empty(std::string_view bucket);
aws::Fault too_many_buckets();

struct Argument {
  std::string_view name;
  std::string_view value;
};
aws::Fault invalid_argument(const Argument& argument, std::string message);
aws::Fault invalid_request(std::string message);
aws::Fault malformed_xml();
aws::Fault invalid_tag(std::string message);
aws::Fault metadata_too_large();

aws::Fault missing_content_length();
aws::Fault entity_too_large(std::uint64_t bytes);
aws::Fault incomplete_body();
aws::Fault malformed_trailer();
aws::Fault invalid_chunk_size();
aws::Fault invalid_digest();
struct Digest {
  std::string_view expected;    // base64
  std::string_view calculated;  // base64
};
aws::Fault bad_digest(const Digest& digest);
// Of a header x-amz-checksum-*.
aws::Fault bad_checksum(std::string_view algorithm);
aws::Fault invalid_checksum_value(std::string_view header);

aws::Fault precondition_failed(std::string_view condition);
struct Unsatisfiable {
  std::string_view requested;
  std::uint64_t size;
};
aws::Fault invalid_range(const Unsatisfiable& range);
aws::Fault method_not_allowed(const Argument& method_and_resource);
// `what` is the header or sub-resource that is not written.
aws::Fault not_implemented(std::string_view what);
aws::Fault access_denied();
aws::Fault slow_down();
// The same, of a body for which there is no memory now. Not for the log: whoever causes it could
// fill that too. It is counted instead (net::MemoryBudget).
aws::Fault no_memory();

// What an error from below is to a client of S3: no space is 507 InsufficientStorage, which SDKs do
// not retry, the rest as everywhere.
aws::Fault fault_of(base::Error error);

}  // namespace hyd::objects
