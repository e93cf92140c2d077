#include "objects/s3/put_request.h"

#include "aws/route.h"
#include "base/parse_int.h"
#include "codec/base64.h"
#include "codec/form.h"
#include "codec/percent.h"
#include "objects/faults.h"
#include "objects/multipart.h"

#include <algorithm>
#include <utility>

namespace hyd::objects {

using aws::Fault;
using aws::Outcome;
using Mode = aws::BodyPromise::Mode;

namespace {

constexpr std::string_view kStored[] = {
    "content-type",  "content-language", "content-disposition",
    "cache-control", "expires",          "x-amz-website-redirect-location",
};
// Headers that ask for what is not written; silence about them would be a lie.
constexpr std::string_view kNotImplemented[] = {
    "x-amz-write-offset-bytes",
    "x-amz-tagging",
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
    "x-amz-object-lock-legal-hold",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-server-side-encryption-customer-key",
};
constexpr std::string_view kMeta = "x-amz-meta-";
constexpr std::string_view kChecksum = "x-amz-checksum-";

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool is_framed(Mode mode) {
  return mode == Mode::signed_chunks || mode == Mode::signed_chunks_and_trailer ||
         mode == Mode::unsigned_chunks_and_trailer;
}

// Content-Encoding without its tokens "aws-chunked", which are about the request alone.
std::string without_aws_chunked(std::string_view value) {
  std::string kept;
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    std::string_view token = value.substr(0, comma);
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
    while (token.starts_with(' ')) token.remove_prefix(1);
    while (token.ends_with(' ')) token.remove_suffix(1);
    if (token.empty() || lower(token) == "aws-chunked") continue;
    if (!kept.empty()) kept += ",";
    kept += token;
  }
  return kept;
}

// A value of x-amz-server-side-encryption that may be accepted: bytes at rest are not encrypted,
// and nothing in the answer says that they are.
std::optional<Fault> encryption_fault(const net::RequestHead& head) {
  const auto asked = head.find("x-amz-server-side-encryption");
  if (!asked || *asked == "AES256") return std::nullopt;
  if (*asked == "aws:kms" || *asked == "aws:kms:dsse") {
    return Fault{.name = "KMS.NotFoundException", .message = "No KMS key is configured."};
  }
  return invalid_argument({"x-amz-server-side-encryption", *asked},
                          "The encryption method specified is not supported");
}

Outcome<void> read_md5(const net::RequestHead& head, PutRequest& into) {
  const auto value = head.find("content-md5");
  if (!value) return {};
  const base::Result<std::string> bytes = codec::base64_decode(*value);
  if (!bytes || bytes->size() != 16) return invalid_digest();
  into.content_md5 = *value;
  return {};
}

// x-amz-checksum-* as a header, in a presigned URL, or announced as a trailer.
Outcome<void> read_checksum(const net::RequestHead& head, PutRequest& into) {
  const std::optional<std::string> named = header_or_query(head, "x-amz-sdk-checksum-algorithm");
  for (const Algorithm one : {Algorithm::crc32, Algorithm::crc32c, Algorithm::crc64nvme,
                              Algorithm::sha1, Algorithm::sha256}) {
    const std::optional<std::string> value = header_or_query(head, info(one).header);
    if (!value) continue;
    if (into.checksum) {
      return invalid_request(
          "Expecting a single x-amz-checksum- header. Multiple checksum Types "
          "are not allowed.");
    }
    const base::Result<std::string> bytes = codec::base64_decode(*value);
    if (!bytes || bytes->size() != info(one).bytes) {
      return named ? bad_checksum(info(one).name) : invalid_checksum_value(info(one).header);
    }
    into.checksum = one;
    into.checksum_value = value;
  }
  if (!into.trailer.empty()) {
    const std::optional<Algorithm> one = algorithm_of_header(into.trailer);
    if (!one) return not_implemented(into.trailer);
    if (into.checksum) return invalid_request("A checksum is sent twice.");
    into.checksum = one;
  }
  for (const net::Header& header : head.headers) {
    const std::string name = lower(header.name);
    if (name.starts_with(kChecksum) && !algorithm_of_header(name) &&
        name != "x-amz-checksum-type" && name != "x-amz-checksum-algorithm") {
      return not_implemented(name);
    }
  }
  if (!named) return {};
  const std::optional<Algorithm> asked = algorithm_named(*named);
  if (!asked) return invalid_request("Checksum algorithm provided is unsupported.");
  if (!into.checksum) {
    return invalid_request(
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
        "x-amz-trailer headers were found.");
  }
  return {};
}

Outcome<void> read_length(const net::RequestHead& head, PutRequest& into) {
  std::optional<std::uint64_t> length = head.content_length;
  if (is_framed(into.promise.mode)) {
    const auto decoded = head.find("x-amz-decoded-content-length");
    if (!decoded) return missing_content_length();
    length = base::parse_int<std::uint64_t>(*decoded);
    if (!length) {
      return invalid_argument({"x-amz-decoded-content-length", *decoded},
                              "The value is not a length.");
    }
  }
  if (!length && !head.chunked) return missing_content_length();
  into.length_known = length.has_value();
  into.length = length.value_or(0);
  if (into.length > kPutBytesMax) return entity_too_large(into.length);
  return {};
}

}  // namespace

std::optional<Fault> unsupported_header(const net::RequestHead& head) {
  for (const std::string_view name : kNotImplemented) {
    if (head.find(name)) return not_implemented(name);
  }
  const auto acl = head.find("x-amz-acl");
  if (acl && *acl != "private" && *acl != "bucket-owner-full-control") {
    return Fault{.name = "AccessControlListNotSupported",
                 .message = "The bucket does not allow ACLs"};
  }
  const auto storage = head.find("x-amz-storage-class");
  if (storage && *storage != "STANDARD") {
    return Fault{.name = "InvalidStorageClass",
                 .message = "The storage class you specified is not valid"};
  }
  return encryption_fault(head);
}

std::optional<std::string> header_or_query(const net::RequestHead& head, std::string_view name) {
  if (const auto value = head.find(name)) return std::string(*value);
  if (!aws::has_query(head.query, "X-Amz-Signature")) return std::nullopt;
  const base::Result<codec::Form> form = codec::parse_form(head.query);
  if (!form) return std::nullopt;
  for (const auto& [key, value] : *form) {
    if (lower(key) == name) return value;
  }
  return std::nullopt;
}

Outcome<Headers> stored_headers(const net::RequestHead& head) {
  Headers stored;
  std::size_t metadata = 0;
  for (const net::Header& header : head.headers) {
    std::string name = lower(header.name);
    if (name == "content-encoding") {
      std::string value = without_aws_chunked(header.value);
      if (!value.empty()) stored.emplace_back(std::move(name), std::move(value));
      continue;
    }
    const bool meta = name.starts_with(kMeta);
    if (!meta && std::ranges::find(kStored, name) == std::end(kStored)) continue;
    if (meta) metadata += name.size() - kMeta.size() + header.value.size();
    const auto before = std::ranges::find(stored, name, &Headers::value_type::first);
    if (before != stored.end()) {
      before->second.append(",").append(header.value);
    } else {
      stored.emplace_back(std::move(name), header.value);
    }
  }
  if (metadata > kMetadataBytesMax) return metadata_too_large();
  return stored;
}

Outcome<PartTarget> read_part_target(const net::RequestHead& head) {
  const std::string_view text = aws::query_value(head.query, "partNumber");
  const auto number = base::parse_int<std::int64_t>(text);
  if (!number || *number < 1 || *number > kPartsMax) {
    return invalid_argument({"partNumber", text},
                            "Part number must be an integer between 1 and 10000, inclusive");
  }
  const base::Result<std::string> upload =
      codec::form_decode(aws::query_value(head.query, "uploadId"));
  return PartTarget{.upload = upload ? *upload : std::string(), .number = *number};
}

Outcome<PutRequest> read_put_request(const net::RequestHead& head, aws::Caller& caller,
                                     Address address) {
  if (auto fault = unsupported_header(head)) return *std::move(fault);
  PutRequest put{.address = std::move(address), .headers = {}, .conditions = {}};
  put.promise = caller.promise;
  put.chunks = std::move(caller.chunks);
  put.presigned = caller.presigned;
  Outcome<Headers> stored = stored_headers(head);
  if (!stored) return std::move(stored).error();
  put.headers = *std::move(stored);
  Outcome<WriteConditions> conditions = WriteConditions::from(head);
  if (!conditions) return std::move(conditions).error();
  put.conditions = *std::move(conditions);
  if (aws::has_query(head.query, "uploadId")) {
    Outcome<PartTarget> part = read_part_target(head);
    if (!part) return std::move(part).error();
    put.part = *std::move(part);
  }
  if (is_framed(put.promise.mode)) put.trailer = lower(head.find("x-amz-trailer").value_or(""));
  if (Outcome<void> read = read_length(head, put); !read) return std::move(read).error();
  if (Outcome<void> read = read_md5(head, put); !read) return std::move(read).error();
  if (Outcome<void> read = read_checksum(head, put); !read) return std::move(read).error();
  return put;
}

}  // namespace hyd::objects
