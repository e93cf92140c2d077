// What the head of a PutObject says, checked before a byte of the body is taken.
#pragma once

#include "aws/fault.h"
#include "aws/reception.h"
#include "net/http_parser.h"
#include "objects/digests.h"
#include "objects/object.h"
#include "objects/s3/address.h"
#include "objects/s3/conditions.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hyd::objects {

// The largest body of one PUT ("Amazon S3 multipart upload limits").
inline constexpr std::uint64_t kPutBytesMax = 5ull << 30;
inline constexpr std::size_t kMetadataBytesMax = 2048;

// The part of an upload that a body is for.
struct PartTarget {
  std::string upload;  // its UploadId
  std::int64_t number = 0;
};

struct PutRequest {
  Address address;
  std::optional<PartTarget> part = {};  // UploadPart; else PutObject
  Headers headers;                      // to be stored
  WriteConditions conditions;
  std::uint64_t length = 0;                     // of the object; 0 when not `length_known`
  bool length_known = true;                     // false: the end of the body tells
  std::optional<std::string> content_md5 = {};  // base64, well-formed
  // What the bytes must sum up to, base64; without a value it stands in the trailer.
  std::optional<Algorithm> checksum = {};
  std::optional<std::string> checksum_value = {};
  // Framing and signature of the body.
  aws::BodyPromise promise = {};
  std::optional<aws::ChunkSigner> chunks = {};
  std::string trailer = {};  // announced, lower case
  bool presigned = false;
};

// `caller` gives its promise away.
aws::Outcome<PutRequest> read_put_request(const net::RequestHead& head, aws::Caller& caller,
                                          Address address);
// The parameters of an UploadPart.
aws::Outcome<PartTarget> read_part_target(const net::RequestHead& head);
// What asks for something that is not written, in a request that makes an object.
std::optional<aws::Fault> unsupported_header(const net::RequestHead& head);

// The headers that are stored with an object, and their limits.
aws::Outcome<Headers> stored_headers(const net::RequestHead& head);

// The first header of that name, or the parameter of a presigned URL.
std::optional<std::string> header_or_query(const net::RequestHead& head, std::string_view name);

}  // namespace hyd::objects
