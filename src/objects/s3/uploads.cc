// Uploads in parts: begun, listed, completed, aborted. UploadPart is in put_object.cc.
#include "base/parse_int.h"
#include "codec/base64.h"
#include "codec/checksum.h"
#include "codec/hex.h"
#include "codec/time_text.h"
#include "codec/xml.h"
#include "objects/digests.h"
#include "objects/faults.h"
#include "objects/multipart.h"
#include "objects/s3/documents.h"
#include "objects/s3/put_request.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace hyd::objects {
namespace {

using aws::Fault;
using aws::Outcome;
using Refusal = std::optional<Fault>;

constexpr std::size_t kPageMostDefault = 1000;

// A part as the client lists it.
struct Listed {
  std::int64_t number = 0;
  std::string etag;
  std::string checksum = {};
};

// A name that sorts by time, with 128 random bits.
std::string make_upload_name(S3Handler& handler) {
  return fmt::format("{:08x}", base::unix_seconds(handler.store().now())) +
         base::Uid::random(handler.store().runtime().entropy()).hex();
}

std::string_view unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) {
    return etag.substr(1, etag.size() - 2);
  }
  return etag;
}

Outcome<std::vector<Listed>> read_listed(std::string_view body) {
  const base::Result<codec::XmlElement> document = codec::parse_xml(body);
  if (!document || document->name != "CompleteMultipartUpload") return malformed_xml();
  std::vector<Listed> listed;
  for (const codec::XmlElement& part : document->children) {
    if (part.name != "Part") continue;
    const auto number = base::parse_int<std::int64_t>(part.text_of("PartNumber"));
    if (!number || part.find("ETag") == nullptr) return malformed_xml();
    Listed one{.number = *number, .etag = std::string(unquoted(part.text_of("ETag")))};
    for (const codec::XmlElement& child : part.children) {
      if (child.name.starts_with("Checksum")) one.checksum = child.text;
    }
    if (!listed.empty() && listed.back().number >= *number) return invalid_part_order();
    listed.push_back(std::move(one));
  }
  if (listed.empty() || listed.size() > static_cast<std::size_t>(kPartsMax)) return malformed_xml();
  return listed;
}

// The parts that the client listed, as they are stored.
Outcome<std::vector<Part>> choose_parts(const std::vector<Part>& stored,
                                        const std::vector<Listed>& listed) {
  std::vector<Part> chosen;
  for (const Listed& one : listed) {
    const auto part = std::ranges::find(stored, one.number, &Part::number);
    if (part == stored.end() || part->etag != one.etag) return invalid_part();
    if (!one.checksum.empty() && one.checksum != part->checksum.value) return invalid_part();
    chosen.push_back(*part);
  }
  for (const Part& part : std::span(chosen).first(chosen.size() - 1)) {
    if (part.size < kPartBytesMin) return part_too_small();
  }
  return chosen;
}

std::string etag_of(const std::vector<Part>& parts) {
  codec::Md5 md5;
  for (const Part& part : parts) {
    const std::optional<std::string> bytes = codec::hex_decode(part.etag);
    if (bytes) md5.update(*bytes);
  }
  return md5.finish().hex() + "-" + std::to_string(parts.size());
}

template <class Crc>
Crc read_big_endian(std::string_view base64) {
  Crc value = 0;
  const base::Result<std::string> bytes = codec::base64_decode(base64);
  if (!bytes) return value;
  for (const char c : *bytes) {
    value = static_cast<Crc>(value << 8 | static_cast<unsigned char>(c));
  }
  return value;
}

template <class Crc>
std::string big_endian_base64(Crc value) {
  std::string bytes;
  for (int shift = static_cast<int>(sizeof(Crc)) * 8 - 8; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value >> shift & 0xff);
  }
  return codec::base64_encode(bytes);
}

// The CRC of all bytes from those of the parts, without reading them again.
template <class Crc, auto Combine>
std::string combined(const std::vector<Part>& parts) {
  Crc sum = 0;
  for (const Part& part : parts) {
    sum = Combine({.first = sum,
                   .second = read_big_endian<Crc>(part.checksum.value),
                   .second_bytes = part.size});
  }
  return big_endian_base64(sum);
}

std::uint64_t whole_crc64(const std::vector<Part>& parts) {
  std::uint64_t sum = 0;
  for (const Part& part : parts) {
    sum = codec::combine_crc64nvme({.first = sum, .second = part.crc64, .second_bytes = part.size});
  }
  return sum;
}

Checksum checksum_of(const UploadRow& upload, const std::vector<Part>& parts, std::uint64_t crc64) {
  const std::optional<Algorithm> algorithm = algorithm_named(upload.algorithm);
  if (!algorithm || *algorithm == Algorithm::crc64nvme) {
    return {.algorithm = "CRC64NVME", .value = big_endian_base64(crc64)};
  }
  if (upload.full_object && *algorithm == Algorithm::crc32) {
    return {upload.algorithm, combined<std::uint32_t, &codec::combine_crc32>(parts)};
  }
  if (upload.full_object && *algorithm == Algorithm::crc32c) {
    return {upload.algorithm, combined<std::uint32_t, &codec::combine_crc32c>(parts)};
  }
  Digests digests({.checksum = algorithm});
  for (const Part& part : parts) {
    const base::Result<std::string> bytes = codec::base64_decode(part.checksum.value);
    if (bytes) digests.update(*bytes);
  }
  return {upload.algorithm,
          codec::base64_encode(digests.checksum()) + "-" + std::to_string(parts.size())};
}

// What completes an upload, on the catalog writer's thread.
struct Completing {
  Store& store;
  Address address;
  std::string upload;
  std::vector<Listed> listed;
  WriteConditions conditions;
  std::string etag = {};  // of the object that was made
  Checksum checksum = {};
  base::Result<Refusal> run(catalog::Transaction& in);
};

base::Result<Refusal> Completing::run(catalog::Transaction& in) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, address.bucket));
  if (!bucket) return Refusal(no_such_bucket(address.bucket));
  const UploadName name{.bucket = bucket->id, .key = address.key, .name = upload};
  ASSIGN_OR_RETURN(const std::optional<UploadRow> row, find_upload(in, name));
  if (!row) {
    ASSIGN_OR_RETURN(const std::optional<std::string> before, find_completed(in, name));
    if (!before) return Refusal(no_such_upload(upload));
    etag = *before;  // the answer to the first one was lost
    return Refusal();
  }
  ASSIGN_OR_RETURN(const std::vector<Part> stored,
                   read_parts(in, row->id, 0, static_cast<std::size_t>(kPartsMax)));
  Outcome<std::vector<Part>> parts = choose_parts(stored, listed);
  if (!parts) return Refusal(std::move(parts).error());
  ASSIGN_OR_RETURN(const std::optional<Object> old,
                   find_object(in, {.bucket = bucket->id, .key = address.key}));
  if (auto fault = refuse_write(conditions, old ? &*old : nullptr, address.key)) {
    return Refusal(std::move(fault));
  }

  Object object{.key = address.key,
                .etag = etag_of(*parts),
                .modified = store.now(),
                .headers = row->headers,
                .crc64 = whole_crc64(*parts)};
  for (const Part& part : *parts) object.size += part.size;
  object.checksum = checksum_of(*row, *parts, object.crc64);
  ASSIGN_OR_RETURN(
      object.segments,
      complete_upload(
          in, {.upload = *row, .parts = *parts, .etag = object.etag, .now = object.modified}));
  if (old) RETURN_IF_ERROR(erase_object(in, bucket->id, *old));
  RETURN_IF_ERROR(insert_object(in, bucket->id, object));
  store.expect_garbage();
  etag = object.etag;
  checksum = object.checksum;
  return Refusal();
}

std::string checksum_element(std::string_view algorithm) {
  return fmt::format("Checksum{}", algorithm);
}

std::string completed_document(const Completing& done, std::string_view host) {
  std::string text;
  const std::string element = checksum_element(done.checksum.algorithm);
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("CompleteMultipartUploadResult", {{"xmlns", kXmlNamespace}});
  xml.element("Location",
              fmt::format("http://{}/{}/{}", host, done.address.bucket, done.address.key));
  xml.element("Bucket", done.address.bucket);
  xml.element("Key", done.address.key);
  xml.element("ETag", quoted(done.etag));
  if (!done.checksum.algorithm.empty()) {
    xml.element(element, done.checksum.value);
    xml.element("ChecksumType", done.checksum.value.contains('-') ? "COMPOSITE" : "FULL_OBJECT");
  }
  xml.close();
  return text;
}

// max-parts and max-uploads.
Outcome<std::size_t> read_most(const Ask& ask, std::string_view name) {
  const std::string* text = ask.parameter(name);
  if (text == nullptr || text->empty()) return kPageMostDefault;
  const auto number = base::parse_int<std::int64_t>(*text);
  if (!number || *number < 0) {
    return invalid_argument({name, *text}, fmt::format("Provided {} not an integer or within "
                                                       "integer range",
                                                       name));
  }
  return std::min<std::size_t>(static_cast<std::size_t>(*number), kPageMostDefault);
}

std::string parameter(const Ask& ask, std::string_view name) {
  const std::string* value = ask.parameter(name);
  return value != nullptr ? *value : std::string();
}

struct PartsAsked {
  Address address;
  std::string upload;
  std::string account;
  std::int64_t after = 0;
  std::size_t most = 0;
};

base::Result<Outcome<std::string>> parts_document(Store& store, const PartsAsked& asked) {
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  ASSIGN_OR_RETURN(const catalog::Reader::Snapshot snapshot, reader->snapshot());
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, asked.address.bucket));
  if (!bucket) return Outcome<std::string>(no_such_bucket(asked.address.bucket));
  ASSIGN_OR_RETURN(
      const std::optional<UploadRow> upload,
      find_upload(*reader, {.bucket = bucket->id, .key = asked.address.key, .name = asked.upload}));
  if (!upload) return Outcome<std::string>(no_such_upload(asked.upload));
  ASSIGN_OR_RETURN(std::vector<Part> parts,
                   read_parts(*reader, upload->id, asked.after, asked.most + 1));
  const bool more = parts.size() > asked.most;
  if (more) parts.resize(asked.most);
  std::string text;
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("ListPartsResult", {{"xmlns", kXmlNamespace}});
  xml.element("Bucket", asked.address.bucket);
  xml.element("Key", asked.address.key);
  xml.element("UploadId", asked.upload);
  xml.open("Initiator");
  xml.element("ID", canonical_id(asked.account));
  xml.element("DisplayName", asked.account);
  xml.close();
  write_owner(xml, asked.account);
  xml.element("StorageClass", "STANDARD");
  xml.element("PartNumberMarker", std::to_string(asked.after));
  if (!parts.empty()) xml.element("NextPartNumberMarker", std::to_string(parts.back().number));
  xml.element("MaxParts", std::to_string(asked.most));
  xml.flag("IsTruncated", more);
  for (const Part& part : parts) {
    xml.open("Part");
    xml.element("PartNumber", std::to_string(part.number));
    xml.element("LastModified", codec::iso_millis(part.modified));
    xml.element("ETag", quoted(part.etag));
    xml.element("Size", std::to_string(part.size));
    xml.close();
  }
  xml.close();
  return Outcome<std::string>(std::move(text));
}

struct UploadsAsked {
  std::string bucket;
  std::string account;
  std::string prefix;
  std::string key_marker;
  std::string upload_marker;
  std::size_t most = 0;
};

base::Result<Outcome<std::string>> uploads_document(Store& store, const UploadsAsked& asked) {
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  ASSIGN_OR_RETURN(const catalog::Reader::Snapshot snapshot, reader->snapshot());
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, asked.bucket));
  if (!bucket) return Outcome<std::string>(no_such_bucket(asked.bucket));
  // Keys before the prefix are stepped over: nothing with a key before it begins with it.
  UploadPage page{.bucket = bucket->id,
                  .after_key = std::max(asked.key_marker, asked.prefix),
                  .after_name = asked.upload_marker,
                  .most = asked.most + 1};
  if (asked.prefix > asked.key_marker) page.after_name = "0";  // the prefix itself is a key too
  ASSIGN_OR_RETURN(std::vector<UploadRow> uploads, read_uploads(*reader, page));
  std::erase_if(uploads, [&](const UploadRow& one) { return !one.key.starts_with(asked.prefix); });
  const bool more = uploads.size() > asked.most;
  if (more) uploads.resize(asked.most);
  std::string text;
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("ListMultipartUploadsResult", {{"xmlns", kXmlNamespace}});
  xml.element("Bucket", asked.bucket);
  full_element(xml, "KeyMarker", asked.key_marker);
  full_element(xml, "UploadIdMarker", asked.upload_marker);
  if (more && !uploads.empty()) {
    xml.element("NextKeyMarker", uploads.back().key);
    xml.element("NextUploadIdMarker", uploads.back().name);
  }
  full_element(xml, "Prefix", asked.prefix);
  xml.element("MaxUploads", std::to_string(asked.most));
  xml.flag("IsTruncated", more);
  for (const UploadRow& upload : uploads) {
    xml.open("Upload");
    xml.element("Key", upload.key);
    xml.element("UploadId", upload.name);
    write_owner(xml, asked.account);
    xml.element("StorageClass", "STANDARD");
    xml.element("Initiated", codec::iso_millis(upload.started));
    xml.close();
  }
  xml.close();
  return Outcome<std::string>(std::move(text));
}

// Makes a document on a worker and sends it.
void send_made(S3Handler& handler, Reply reply,
               std::move_only_function<base::Result<Outcome<std::string>>()> make) {
  handler.on_worker<std::string>(
      [make = std::move(make)]() mutable -> Outcome<std::string> {
        base::Result<Outcome<std::string>> made = make();
        if (!made) return fault_of(std::move(made).error());
        return *std::move(made);
      },
      [reply = std::move(reply)](Outcome<std::string> text) mutable {
        if (!text) return reply.fail(std::move(text).error());
        net::Response response = xml_response();
        response.body = *std::move(text);
        reply.send(std::move(response));
      });
}

// The checksum that an upload asks for.
Outcome<void> read_algorithm(const net::RequestHead& head, UploadRow& into) {
  const auto asked = head.find("x-amz-checksum-algorithm");
  const auto type = head.find("x-amz-checksum-type");
  if (!asked) return {};
  const std::optional<Algorithm> algorithm = algorithm_named(*asked);
  if (!algorithm) return invalid_request("Checksum algorithm provided is unsupported.");
  into.algorithm = info(*algorithm).name;
  into.full_object = type.value_or("") == "FULL_OBJECT" || *algorithm == Algorithm::crc64nvme;
  const bool hash = *algorithm == Algorithm::sha1 || *algorithm == Algorithm::sha256;
  if (into.full_object && hash) {
    return invalid_request(
        fmt::format("The FULL_OBJECT checksum type cannot be used with the {} checksum algorithm.",
                    into.algorithm));
  }
  return {};
}

}  // namespace

void create_upload(S3Handler& handler, Ask ask) {
  if (auto fault = unsupported_header(ask.head())) return ask.reply.fail(*std::move(fault));
  Outcome<Headers> headers = stored_headers(ask.head());
  if (!headers) return ask.reply.fail(std::move(headers).error());
  UploadRow upload{.name = make_upload_name(handler),
                   .key = ask.address.key,
                   .started = handler.store().now(),
                   .headers = *std::move(headers)};
  if (Outcome<void> read = read_algorithm(ask.head(), upload); !read) {
    return ask.reply.fail(std::move(read).error());
  }
  handler.change(
      catalog::Lane::object,
      [upload, name = ask.address.bucket](catalog::Transaction& in) -> base::Result<Refusal> {
        ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, name));
        if (!bucket) return Refusal(no_such_bucket(name));
        UploadRow row = upload;
        row.bucket = bucket->id;
        RETURN_IF_ERROR(add_upload(in, row));
        return Refusal();
      },
      [upload, name = ask.address.bucket, reply = std::move(ask.reply)](Refusal fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response = xml_response();
        if (!upload.algorithm.empty()) {
          response.add("x-amz-checksum-algorithm", upload.algorithm);
          response.add("x-amz-checksum-type", upload.full_object ? "FULL_OBJECT" : "COMPOSITE");
        }
        {
          codec::XmlWriter xml(response.body);
          xml.declaration();
          xml.open("InitiateMultipartUploadResult", {{"xmlns", kXmlNamespace}});
          xml.element("Bucket", name);
          xml.element("Key", upload.key);
          xml.element("UploadId", upload.name);
          xml.close();
        }
        reply.send(std::move(response));
      });
}

// 200 means that the whole object is there after any crash. Repeated, it gets the same answer.
void complete_upload_call(S3Handler& handler, Ask ask) {
  Outcome<std::vector<Listed>> listed = read_listed(ask.request.body());
  if (!listed) return ask.reply.fail(std::move(listed).error());
  Outcome<WriteConditions> conditions = WriteConditions::from(ask.head());
  if (!conditions) return ask.reply.fail(std::move(conditions).error());
  auto completing = std::make_shared<Completing>(Completing{.store = handler.store(),
                                                            .address = ask.address,
                                                            .upload = parameter(ask, "uploadId"),
                                                            .listed = *std::move(listed),
                                                            .conditions = *std::move(conditions)});
  handler.change(
      catalog::Lane::object, [completing](catalog::Transaction& in) { return completing->run(in); },
      [&handler, completing, host = std::string(ask.head().host),
       reply = std::move(ask.reply)](Refusal fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response = xml_response();
        response.body = completed_document(*completing, host);
        reply.send(std::move(response));
        handler.tidy();
      });
}

void abort_upload(S3Handler& handler, Ask ask) {
  handler.change(
      catalog::Lane::object,
      [&store = handler.store(), address = ask.address,
       name = parameter(ask, "uploadId")](catalog::Transaction& in) -> base::Result<Refusal> {
        ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, address.bucket));
        if (!bucket) return Refusal(no_such_bucket(address.bucket));
        ASSIGN_OR_RETURN(const std::optional<UploadRow> upload,
                         find_upload(in, {.bucket = bucket->id, .key = address.key, .name = name}));
        if (!upload) return Refusal(no_such_upload(name));
        RETURN_IF_ERROR(drop_upload(in, upload->id));
        store.expect_garbage();
        return Refusal();
      },
      [&handler, reply = std::move(ask.reply)](Refusal fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response;
        response.status = 204;
        reply.send(std::move(response));
        handler.tidy();
      });
}

void list_parts(S3Handler& handler, Ask ask) {
  Outcome<std::size_t> most = read_most(ask, "max-parts");
  if (!most) return ask.reply.fail(std::move(most).error());
  const std::string marker = parameter(ask, "part-number-marker");
  PartsAsked asked{.address = ask.address,
                   .upload = parameter(ask, "uploadId"),
                   .account = ask.caller.call.account,
                   .after = base::parse_int<std::int64_t>(marker).value_or(0),
                   .most = *most};
  send_made(handler, std::move(ask.reply),
            [&store = handler.store(), asked] { return parts_document(store, asked); });
}

void list_uploads(S3Handler& handler, Ask ask) {
  Outcome<std::size_t> most = read_most(ask, "max-uploads");
  if (!most) return ask.reply.fail(std::move(most).error());
  if (!parameter(ask, "delimiter").empty()) return ask.reply.fail(not_implemented("delimiter"));
  UploadsAsked asked{.bucket = ask.address.bucket,
                     .account = ask.caller.call.account,
                     .prefix = parameter(ask, "prefix"),
                     .key_marker = parameter(ask, "key-marker"),
                     .upload_marker = parameter(ask, "upload-id-marker"),
                     .most = *most};
  send_made(handler, std::move(ask.reply),
            [&store = handler.store(), asked] { return uploads_document(store, asked); });
}

}  // namespace hyd::objects
