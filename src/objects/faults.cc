#include "objects/faults.h"

#include "objects/names.h"

#include <fmt/core.h>

#include <utility>

namespace hyd::objects {

using aws::Fault;

Fault no_such_bucket(std::string_view bucket) {
  return {.name = "NoSuchBucket",
          .status = 404,
          .message = "The specified bucket does not exist",
          .details = {{"BucketName", std::string(bucket)}},
          .code = base::Code::not_found};
}

Fault no_such_key(std::string_view key) {
  return {.name = "NoSuchKey",
          .status = 404,
          .message = "The specified key does not exist.",
          .details = {{"Key", std::string(key)}},
          .code = base::Code::not_found};
}

Fault no_such_upload(std::string_view upload) {
  return {.name = "NoSuchUpload",
          .status = 404,
          .message =
              "The specified upload does not exist. The upload ID may be invalid, or the "
              "upload may have been aborted or completed.",
          .details = {{"UploadId", std::string(upload)}},
          .code = base::Code::not_found};
}

Fault no_such_version(const Version& version) {
  return {.name = "NoSuchVersion",
          .status = 404,
          .message = "The specified version does not exist.",
          .details = {{"Key", std::string(version.key)}, {"VersionId", std::string(version.id)}},
          .code = base::Code::not_found};
}

Fault invalid_part() {
  return {.name = "InvalidPart",
          .message =
              "One or more of the specified parts could not be found. The part may not have "
              "been uploaded, or the specified entity tag may not match the part's entity "
              "tag."};
}

Fault invalid_part_order() {
  return {.name = "InvalidPartOrder",
          .message =
              "The list of parts was not in ascending order. The parts list must be "
              "specified in order by part number."};
}

Fault part_too_small() {
  return {.name = "EntityTooSmall",
          .message = "Your proposed upload is smaller than the minimum allowed size"};
}

Fault no_such_tag_set(std::string_view bucket) {
  return {.name = "NoSuchTagSet",
          .status = 404,
          .message = "The TagSet does not exist",
          .details = {{"BucketName", std::string(bucket)}},
          .code = base::Code::not_found};
}

Fault invalid_bucket_name(std::string_view bucket) {
  return {.name = "InvalidBucketName",
          .message = "The specified bucket is not valid.",
          .details = {{"BucketName", std::string(bucket)}}};
}

Fault invalid_uri() {
  return {.name = "InvalidURI", .message = "Couldn't parse the specified URI."};
}

Fault key_too_long(std::size_t bytes) {
  return {.name = "KeyTooLongError",
          .message = "Your key is too long",
          .details = {{"Size", fmt::format("{}", bytes)},
                      {"MaxSizeAllowed", fmt::format("{}", kKeyBytesMax)}}};
}

Fault bucket_exists_differently(std::string_view bucket) {
  return {.name = "BucketAlreadyOwnedByYou",
          .status = 409,
          .message =
              "Your previous request to create the named bucket succeeded and you already own it.",
          .details = {{"BucketName", std::string(bucket)}},
          .code = base::Code::conflict};
}

Fault bucket_not_empty(std::string_view bucket) {
  return {.name = "BucketNotEmpty",
          .status = 409,
          .message = "The bucket you tried to delete is not empty",
          .details = {{"BucketName", std::string(bucket)}},
          .code = base::Code::conflict};
}

Fault too_many_buckets() {
  return {.name = "TooManyBuckets",
          .message = "You have attempted to create more buckets than allowed"};
}

Fault invalid_argument(const Argument& argument, std::string message) {
  return {.name = "InvalidArgument",
          .message = std::move(message),
          .details = {{"ArgumentName", std::string(argument.name)},
                      {"ArgumentValue", std::string(argument.value)}}};
}

Fault invalid_request(std::string message) {
  return {.name = "InvalidRequest", .message = std::move(message)};
}

Fault malformed_xml() {
  return {.name = "MalformedXML",
          .message =
              "The XML you provided was not well-formed or did not validate against our "
              "published schema"};
}

Fault invalid_tag(std::string message) {
  return {.name = "InvalidTag", .message = std::move(message)};
}

Fault metadata_too_large() {
  return {.name = "MetadataTooLarge",
          .message = "Your metadata headers exceed the maximum allowed metadata size"};
}

Fault missing_content_length() {
  return {.name = "MissingContentLength",
          .status = 411,
          .message = "You must provide the Content-Length HTTP header."};
}

Fault entity_too_large(std::uint64_t bytes) {
  return {.name = "EntityTooLarge",
          .message = "Your proposed upload exceeds the maximum allowed size",
          .details = {{"ProposedSize", fmt::format("{}", bytes)},
                      {"MaxSizeAllowed", fmt::format("{}", 5ull << 30)}}};
}

Fault incomplete_body() {
  return {.name = "IncompleteBody",
          .message =
              "You did not provide the number of bytes specified by the Content-Length HTTP "
              "header"};
}

Fault malformed_trailer() {
  return {.name = "MalformedTrailerError",
          .message =
              "The request contained trailing data that was not well-formed or did not "
              "conform to our published schema."};
}

Fault invalid_chunk_size() {
  return {.name = "InvalidChunkSizeError",
          .message = "Only the last chunk is allowed to have a size less than 8192 bytes"};
}

Fault invalid_digest() {
  return {.name = "InvalidDigest", .message = "The Content-MD5 you specified was invalid."};
}

Fault bad_digest(const Digest& digest) {
  return {.name = "BadDigest",
          .message = "The Content-MD5 you specified did not match what we received.",
          .details = {{"ExpectedDigest", std::string(digest.expected)},
                      {"CalculatedDigest", std::string(digest.calculated)}}};
}

Fault bad_checksum(std::string_view algorithm) {
  return {.name = "BadDigest",
          .message = fmt::format("The {} you specified did not match the calculated checksum.",
                                 algorithm)};
}

Fault invalid_checksum_value(std::string_view header) {
  return invalid_request(fmt::format("Value for {} header is invalid.", header));
}

Fault precondition_failed(std::string_view condition) {
  return {.name = "PreconditionFailed",
          .status = 412,
          .message = "At least one of the pre-conditions you specified did not hold",
          .details = {{"Condition", std::string(condition)}},
          .code = base::Code::conflict};
}

Fault invalid_range(const Unsatisfiable& range) {
  return {.name = "InvalidRange",
          .status = 416,
          .message = "The requested range is not satisfiable",
          .details = {{"RangeRequested", std::string(range.requested)},
                      {"ActualObjectSize", fmt::format("{}", range.size)}}};
}

Fault method_not_allowed(const Argument& what) {
  return {
      .name = "MethodNotAllowed",
      .status = 405,
      .message = "The specified method is not allowed against this resource.",
      .details = {{"Method", std::string(what.name)}, {"ResourceType", std::string(what.value)}}};
}

Fault not_implemented(std::string_view what) {
  return {.name = "NotImplemented",
          .status = 501,
          .message = "A header you provided implies functionality that is not implemented",
          .details = {{"Header", std::string(what)}},
          .code = base::Code::unsupported};
}

Fault access_denied() {
  return {.name = "AccessDenied",
          .status = 403,
          .message = "Access Denied",
          .code = base::Code::denied};
}

Fault slow_down() {
  return {.name = "SlowDown",
          .status = 503,
          .message = "Please reduce your request rate.",
          .ours = true,
          .code = base::Code::exhausted};
}

Fault no_memory() {
  Fault fault = slow_down();
  fault.ours = false;
  return fault;
}

Fault fault_of(base::Error error) {
  if (error.code != base::Code::exhausted) return aws::fault_from(std::move(error));
  return aws::as_ours({.name = "InsufficientStorage",
                       .status = 507,
                       .message = "There is not enough free space left on the disk."},
                      std::move(error));
}

}  // namespace hyd::objects
