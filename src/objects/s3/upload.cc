#include "objects/s3/upload.h"

#include "aws/auth_error.h"
#include "aws/operation.h"
#include "codec/base64.h"
#include "objects/faults.h"
#include "objects/multipart.h"
#include "objects/tables.h"

#include <fmt/core.h>

#include <utility>

namespace hyd::objects {

using aws::Outcome;
using Mode = aws::BodyPromise::Mode;

namespace {

Digests::Wanted wanted(const PutRequest& request) {
  return {.checksum = request.checksum, .sha256 = request.promise.mode == Mode::hash};
}

// The checksum of no bytes that presigning clients put into a URL before there is a body.
bool is_of_nothing(const PutRequest& request) {
  Digests nothing({.checksum = request.checksum});
  return codec::base64_encode(nothing.checksum()) == request.checksum_value;
}

}  // namespace

Upload::Upload(Store& store, PutRequest request)
    : store_(store), request_(std::move(request)), digests_(wanted(request_)) {
  const Mode mode = request_.promise.mode;
  if (mode == Mode::signed_chunks || mode == Mode::signed_chunks_and_trailer ||
      mode == Mode::unsigned_chunks_and_trailer) {
    framed_.emplace(ChunkedBody::Options{.signer = std::move(request_.chunks),
                                         .trailer_signed = mode == Mode::signed_chunks_and_trailer,
                                         .trailer = request_.trailer,
                                         .decoded_length = request_.length});
  }
}

Outcome<void> Upload::begin() {
  base::Result<std::optional<aws::Fault>> refused = look();
  if (!refused) return fault_of(std::move(refused).error());
  if (*refused) return **std::move(refused);
  return {};
}

base::Result<std::optional<aws::Fault>> Upload::look() {
  using Refusal = std::optional<aws::Fault>;
  RETURN_IF_ERROR(store_.check_space(request_.length, Purpose::client));
  ASSIGN_OR_RETURN(Store::Reading reader, store_.read());
  const Address& address = request_.address;
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, address.bucket));
  if (!bucket) return Refusal(no_such_bucket(address.bucket));
  if (request_.part) {
    const std::string& name = request_.part->upload;
    ASSIGN_OR_RETURN(
        const std::optional<UploadRow> upload,
        find_upload(*reader, {.bucket = bucket->id, .key = address.key, .name = name}));
    if (!upload) return Refusal(no_such_upload(name));
    return sum_up_as(upload->algorithm);
  }
  if (!request_.conditions.if_match && !request_.conditions.if_none_match) return Refusal();
  ASSIGN_OR_RETURN(const std::optional<Object> there,
                   find_object(*reader, {.bucket = bucket->id, .key = address.key}));
  return refuse_write(request_.conditions, there ? &*there : nullptr, address.key);
}

// A part is summed up as its upload asks.
std::optional<aws::Fault> Upload::sum_up_as(std::string_view algorithm) {
  const std::optional<Algorithm> asked = algorithm_named(algorithm);
  if (!asked || asked == request_.checksum) return std::nullopt;
  if (request_.checksum) {
    return invalid_request(fmt::format(
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
        info(*asked).name, info(*request_.checksum).name));
  }
  request_.checksum = asked;
  digests_ = Digests(wanted(request_));
  return std::nullopt;
}

Outcome<void> Upload::open_file() {
  auto file = store_.begin(request_.length, Purpose::client);
  if (!file) return fault_of(std::move(file).error());
  file_ = *std::move(file);
  const std::string before = std::exchange(small_, {});
  if (auto written = file_->append(before); !written) return fault_of(std::move(written).error());
  return {};
}

Outcome<void> Upload::feed(std::string_view bytes) {
  if (!framed_) return take(bytes);
  return framed_->feed(bytes, [this](std::string_view data) { return take(data); });
}

Outcome<void> Upload::take(std::string_view bytes) {
  if (bytes.empty()) return {};
  size_ += bytes.size();
  if (size_ > kPutBytesMax) return entity_too_large(size_);
  digests_.update(bytes);
  if (!file_ && size_ <= kInlineBytesMax && !request_.part) {
    small_ += bytes;
    return {};
  }
  if (!file_) {
    if (Outcome<void> opened = open_file(); !opened) return opened;
  }
  if (auto written = file_->append(bytes); !written) return fault_of(std::move(written).error());
  return {};
}

Outcome<void> Upload::check(const Object& object) {
  if (request_.length_known && size_ != request_.length) return incomplete_body();
  if (request_.promise.mode == Mode::hash) {
    if (auto failure = aws::check_body(request_.promise, digests_.sha256())) {
      return aws::to_fault(*std::move(failure), aws::Protocol::rest_xml);
    }
  }
  if (request_.content_md5) {
    const base::Result<std::string> bytes = codec::base64_decode(*request_.content_md5);
    const codec::Md5Digest md5 = digests_.md5();
    if (!bytes || *bytes != md5.view()) {
      return bad_digest(
          {.expected = *request_.content_md5, .calculated = codec::base64_encode(md5.view())});
    }
  }
  std::optional<std::string> expected = request_.checksum_value;
  if (framed_ && !request_.trailer.empty()) {
    expected = framed_->trailer_value();
    const base::Result<std::string> bytes = codec::base64_decode(*expected);
    if (!bytes || bytes->size() != info(digests_.algorithm()).bytes) {
      return invalid_checksum_value(request_.trailer);
    }
  }
  if (!expected || *expected == object.checksum.value) return {};
  if (request_.presigned && size_ > 0 && is_of_nothing(request_)) return {};
  return bad_checksum(info(digests_.algorithm()).name);
}

Outcome<Staged> Upload::finish() {
  if (framed_) {
    if (Outcome<void> whole = framed_->finish(); !whole) return std::move(whole).error();
  }
  Staged staged{.bucket = request_.address.bucket,
                .object = {.key = request_.address.key,
                           .size = size_,
                           .etag = {},
                           .modified = store_.now(),
                           .headers = request_.headers,
                           .checksum = {.algorithm = std::string(info(digests_.algorithm()).name),
                                        .value = codec::base64_encode(digests_.checksum())},
                           .crc64 = digests_.crc64()}};
  if (Outcome<void> right = check(staged.object); !right) return std::move(right).error();
  staged.object.etag = digests_.md5().hex();
  if (request_.part && !file_) {
    if (Outcome<void> opened = open_file(); !opened) return std::move(opened).error();
  }
  if (file_) {
    if (auto done = file_->finish(); !done) return fault_of(std::move(done).error());
    staged.object.blob = file_->id();
  } else {
    staged.bytes = sys::SharedBytes::copy_of(small_);
  }
  return staged;
}

}  // namespace hyd::objects
