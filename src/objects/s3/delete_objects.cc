// DeleteObject and DeleteObjects: rows go in one transaction, blobs afterwards.
#include "codec/base64.h"
#include "codec/xml.h"
#include "objects/digests.h"
#include "objects/faults.h"
#include "objects/names.h"
#include "objects/s3/conditions.h"
#include "objects/s3/documents.h"
#include "objects/s3/put_request.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <memory>
#include <utility>

namespace hyd::objects {
namespace {

using aws::Fault;
using aws::Outcome;

constexpr std::size_t kKeysMax = 1000;

// One key of a batch and what became of it.
struct Victim {
  std::string key;
  std::optional<Fault> refused = {};
};
struct Batch {
  std::vector<Victim> victims = {};
  bool quiet = false;
};

Outcome<Batch> read_batch(std::string_view body) {
  const base::Result<codec::XmlElement> document = codec::parse_xml(body);
  if (!document || document->name != "Delete") return malformed_xml();
  Batch batch{.quiet = document->text_of("Quiet") == "true"};
  for (const codec::XmlElement& child : document->children) {
    if (child.name != "Object") continue;
    Victim victim{.key = std::string(child.text_of("Key"))};
    if (victim.key.empty()) return malformed_xml();
    const std::string_view version = child.text_of("VersionId");
    if (!version.empty() && version != "null") {
      victim.refused = no_such_version({.key = victim.key, .id = version});
    }
    if (victim.key.size() > kKeyBytesMax) victim.refused = key_too_long(victim.key.size());
    batch.victims.push_back(std::move(victim));
  }
  if (batch.victims.empty() || batch.victims.size() > kKeysMax) return malformed_xml();
  return batch;
}

// AWS demands a sum of the body: what is removed by mistake is gone.
std::optional<Fault> check_sum(const net::RequestHead& head, std::string_view body) {
  if (const auto md5 = head.find("content-md5")) {
    const base::Result<std::string> bytes = codec::base64_decode(*md5);
    if (!bytes || bytes->size() != 16) return invalid_digest();
    const codec::Md5Digest made = codec::md5(body);
    if (*bytes == made.view()) return std::nullopt;
    return bad_digest({.expected = *md5, .calculated = codec::base64_encode(made.view())});
  }
  for (const Algorithm one : {Algorithm::crc32, Algorithm::crc32c, Algorithm::crc64nvme,
                              Algorithm::sha1, Algorithm::sha256}) {
    const std::optional<std::string> value = header_or_query(head, info(one).header);
    if (!value) continue;
    Digests digests({.checksum = one});
    digests.update(body);
    if (codec::base64_encode(digests.checksum()) == *value) return std::nullopt;
    return bad_checksum(info(one).name);
  }
  return invalid_request(
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}

std::string batch_document(const Batch& batch) {
  std::string text;
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("DeleteResult", {{"xmlns", kXmlNamespace}});
  for (const Victim& victim : batch.victims) {
    if (victim.refused) {
      xml.open("Error");
      xml.element("Key", victim.key);
      xml.element("Code", victim.refused->name);
      xml.element("Message", victim.refused->message);
      xml.close();
    } else if (!batch.quiet) {
      xml.open("Deleted");
      xml.element("Key", victim.key);
      xml.close();
    }
  }
  xml.close();
  return text;
}

}  // namespace

// 204 means that the object is gone after any crash, whether it was there or not.
void delete_object(S3Handler& handler, Ask ask) {
  Outcome<WriteConditions> conditions = WriteConditions::from(ask.head());
  if (!conditions) return ask.reply.fail(std::move(conditions).error());
  if (const std::string* version = ask.parameter("versionId"); version && *version != "null") {
    return ask.reply.fail(no_such_version({.key = ask.address.key, .id = *version}));
  }
  handler.change(
      catalog::Lane::object,
      [&store = handler.store(), address = ask.address, if_match = conditions->if_match](
          catalog::Transaction& in) -> base::Result<std::optional<Fault>> {
        ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, address.bucket));
        if (!bucket) return std::optional<Fault>(no_such_bucket(address.bucket));
        if (if_match) {
          ASSIGN_OR_RETURN(const std::optional<Object> there,
                           find_object(in, {.bucket = bucket->id, .key = address.key}));
          if (there && !etag_matches(*if_match, there->etag)) {
            return std::optional<Fault>(precondition_failed("If-Match"));
          }
        }
        RETURN_IF_ERROR(store.remove(in, bucket->id, address.key));
        return std::optional<Fault>();
      },
      [&handler, reply = std::move(ask.reply)](std::optional<Fault> fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response;
        response.status = 204;
        reply.send(std::move(response));
        handler.tidy();
      });
}

void delete_objects(S3Handler& handler, Ask ask) {
  const std::string_view body = ask.request.body();
  if (auto fault = check_sum(ask.head(), body)) return ask.reply.fail(*std::move(fault));
  Outcome<Batch> read = read_batch(body);
  if (!read) return ask.reply.fail(std::move(read).error());
  auto batch = std::make_shared<const Batch>(*std::move(read));
  handler.change(
      catalog::Lane::object,
      [&store = handler.store(), batch,
       name = ask.address.bucket](catalog::Transaction& in) -> base::Result<std::optional<Fault>> {
        ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, name));
        if (!bucket) return std::optional<Fault>(no_such_bucket(name));
        for (const Victim& victim : batch->victims) {
          if (victim.refused) continue;
          RETURN_IF_ERROR(store.remove(in, bucket->id, victim.key));
        }
        return std::optional<Fault>();
      },
      [&handler, batch, reply = std::move(ask.reply)](std::optional<Fault> fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response = xml_response();
        response.body = batch_document(*batch);
        reply.send(std::move(response));
        handler.tidy();
      });
}

}  // namespace hyd::objects
