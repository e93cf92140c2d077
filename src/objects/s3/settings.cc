// Sub-resources of buckets. Tags are kept; the rest answers what AWS answers for a bucket where
// nothing was configured, because nothing can be.
#include "codec/xml.h"
#include "objects/buckets.h"
#include "objects/faults.h"
#include "objects/s3/documents.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <utility>

namespace hyd::objects {
namespace {

using aws::Outcome;

// A setting that is the same for every bucket: a document, or a fault.
struct Unset {
  std::string_view sub;
  std::string_view document = {};  // what stands inside the root element, whole
  std::string_view code = {};
  std::string_view message = {};
};

constexpr Unset kUnset[] = {
    {.sub = "versioning",
     .document = R"(<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>)"},
    {.sub = "policy", .code = "NoSuchBucketPolicy", .message = "The bucket policy does not exist"},
    {.sub = "policyStatus",
     .code = "NoSuchBucketPolicy",
     .message = "The bucket policy does not exist"},
    {.sub = "cors",
     .code = "NoSuchCORSConfiguration",
     .message = "The CORS configuration does not exist"},
    {.sub = "lifecycle",
     .code = "NoSuchLifecycleConfiguration",
     .message = "The lifecycle configuration does not exist"},
    {.sub = "encryption",
     .document =
         R"(<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)"
         "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
         "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>"
         "</ServerSideEncryptionConfiguration>"},
    {.sub = "publicAccessBlock",
     .document =
         R"(<PublicAccessBlockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)"
         "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>"
         "<BlockPublicPolicy>true</BlockPublicPolicy>"
         "<RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"},
    {.sub = "ownershipControls",
     .document =
         R"(<OwnershipControls xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule>)"
         "<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"},
    {.sub = "notification",
     .document = R"(<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>)"},
    {.sub = "logging",
     .document = R"(<BucketLoggingStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>)"},
    {.sub = "accelerate",
     .document = R"(<AccelerateConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>)"},
    {.sub = "requestPayment",
     .document = R"(<RequestPaymentConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)"
                 "<Payer>BucketOwner</Payer></RequestPaymentConfiguration>"},
    {.sub = "website",
     .code = "NoSuchWebsiteConfiguration",
     .message = "The specified bucket does not have a website configuration"},
    {.sub = "replication",
     .code = "ReplicationConfigurationNotFoundError",
     .message = "The replication configuration was not found"},
    {.sub = "object-lock",
     .code = "ObjectLockConfigurationNotFoundError",
     .message = "Object Lock configuration does not exist for this bucket"},
};

// What is not there: the bucket, or the object when a key is asked for.
base::Result<std::optional<aws::Fault>> look_for(Store& store, const Address& address) {
  using Refusal = std::optional<aws::Fault>;
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, address.bucket));
  if (!bucket) return Refusal(no_such_bucket(address.bucket));
  if (address.key.empty()) return Refusal();
  ASSIGN_OR_RETURN(const std::optional<Object> object,
                   find_object(*reader, {.bucket = bucket->id, .key = address.key}));
  return object ? Refusal() : Refusal(no_such_key(address.key));
}

Outcome<std::nullptr_t> must_exist(Store& store, const Address& address) {
  base::Result<std::optional<aws::Fault>> missing = look_for(store, address);
  if (!missing) return fault_of(std::move(missing).error());
  if (*missing) return **std::move(missing);
  return nullptr;
}

// Goes on when what the request addresses is there.
void if_exists(S3Handler& handler, Ask ask, std::move_only_function<void(Reply)> then) {
  handler.on_worker<std::nullptr_t>(
      [&store = handler.store(), address = ask.address] { return must_exist(store, address); },
      [reply = std::move(ask.reply),
       then = std::move(then)](Outcome<std::nullptr_t> there) mutable {
        if (!there) return reply.fail(std::move(there).error());
        then(std::move(reply));
      });
}

void send_document(Reply reply, std::string body) {
  net::Response response = xml_response();
  response.body = std::move(body);
  reply.send(std::move(response));
}

void send_empty(Reply& reply, std::optional<aws::Fault> fault, std::uint16_t status) {
  if (fault) return reply.fail(*std::move(fault));
  net::Response response;
  response.status = status;
  reply.send(std::move(response));
}

Outcome<Tags> read_tagging(std::string_view body) {
  const base::Result<codec::XmlElement> document = codec::parse_xml(body);
  if (!document || document->name != "Tagging") return malformed_xml();
  const codec::XmlElement* const set = document->find("TagSet");
  if (set == nullptr) return malformed_xml();
  Tags tags;
  for (const codec::XmlElement& tag : set->children) {
    if (tag.name != "Tag" || tag.find("Key") == nullptr || tag.find("Value") == nullptr) {
      return malformed_xml();
    }
    tags.emplace_back(tag.text_of("Key"), tag.text_of("Value"));
  }
  if (auto fault = tags_fault(tags)) return *std::move(fault);
  return tags;
}

std::string tagging_document(const Tags& tags) {
  std::string text;
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("Tagging", {{"xmlns", kXmlNamespace}});
  xml.open("TagSet");
  for (const auto& [key, value] : tags) {
    xml.open("Tag");
    xml.element("Key", key);
    full_element(xml, "Value", value);
    xml.close();
  }
  xml.close();
  xml.close();
  return text;
}

}  // namespace

void get_setting(S3Handler& handler, Ask ask) {
  const std::string_view sub = sub_resource(ask.query);
  if_exists(handler, std::move(ask), [sub](Reply reply) {
    for (const Unset& row : kUnset) {
      if (row.sub != sub) continue;
      if (!row.code.empty()) {
        return reply.fail({.name = std::string(row.code),
                           .status = 404,
                           .message = std::string(row.message),
                           .code = base::Code::not_found});
      }
      std::string body(R"(<?xml version="1.0" encoding="UTF-8"?>)");
      body.append("\n").append(row.document);
      return send_document(std::move(reply), std::move(body));
    }
    reply.fail(not_implemented(sub));
  });
}

void get_bucket_acl(S3Handler& handler, Ask ask) {
  std::string account = ask.caller.call.account;
  if_exists(handler, std::move(ask), [account = std::move(account)](Reply reply) {
    std::string text;
    {
      codec::XmlWriter xml(text);
      xml.declaration();
      xml.open("AccessControlPolicy", {{"xmlns", kXmlNamespace}});
      write_owner(xml, account);
      xml.open("AccessControlList");
      xml.open("Grant");
      xml.open("Grantee", {{"xmlns:xsi", kXsi}, {"xsi:type", "CanonicalUser"}});
      xml.element("ID", canonical_id(account));
      xml.element("DisplayName", account);
      xml.close();
      xml.element("Permission", "FULL_CONTROL");
      xml.close();
      xml.close();
      xml.close();
    }
    send_document(std::move(reply), std::move(text));
  });
}

// Only what holds anyway: private, or the document that `?acl` answers.
void put_acl(S3Handler& handler, Ask ask) {
  const std::string_view canned = ask.head().find("x-amz-acl").value_or("");
  bool harmless = canned == "private" || canned == "bucket-owner-full-control";
  if (!ask.request.body().empty()) {
    const base::Result<codec::XmlElement> document = codec::parse_xml(ask.request.body());
    if (!document || document->name != "AccessControlPolicy") {
      return ask.reply.fail({.name = "MalformedACLError",
                             .message = "The XML you provided was not well-formed or did not "
                                        "validate against our published schema"});
    }
    const codec::XmlElement* const list = document->find("AccessControlList");
    const codec::XmlElement* const grantee =
        list != nullptr && list->children.size() == 1 ? list->children[0].find("Grantee") : nullptr;
    harmless = grantee != nullptr &&
               grantee->text_of("ID") == canonical_id(ask.caller.call.account) &&
               list->children[0].text_of("Permission") == "FULL_CONTROL";
  }
  if (!harmless) {
    return ask.reply.fail(
        {.name = "AccessControlListNotSupported", .message = "The bucket does not allow ACLs"});
  }
  if_exists(handler, std::move(ask), [](Reply reply) { send_empty(reply, std::nullopt, 200); });
}

void put_tagging(S3Handler& handler, Ask ask) {
  Outcome<Tags> tags = read_tagging(ask.request.body());
  if (!tags) return ask.reply.fail(std::move(tags).error());
  handler.change(
      catalog::Lane::control,
      [tags = *std::move(tags), name = ask.address.bucket](catalog::Transaction& in) {
        return put_tags(in, name, tags);
      },
      [reply = std::move(ask.reply)](std::optional<aws::Fault> fault) mutable {
        send_empty(reply, std::move(fault), 204);
      });
}

void get_tagging(S3Handler& handler, Ask ask) {
  handler.on_worker<Tags>(
      [&store = handler.store(), name = ask.address.bucket]() -> Outcome<Tags> {
        base::Result<Store::Reading> reader = store.read();
        if (!reader) return fault_of(std::move(reader).error());
        Tags tags;
        base::Result<std::optional<aws::Fault>> refused = read_tags(**reader, name, tags);
        if (!refused) return fault_of(std::move(refused).error());
        if (*refused) return **std::move(refused);
        return tags;
      },
      [reply = std::move(ask.reply)](Outcome<Tags> tags) mutable {
        if (!tags) return reply.fail(std::move(tags).error());
        send_document(std::move(reply), tagging_document(*tags));
      });
}

// Objects have no tags yet; the CLI asks before it copies.
void get_object_tagging(S3Handler& handler, Ask ask) {
  if_exists(handler, std::move(ask),
            [](Reply reply) { send_document(std::move(reply), tagging_document({})); });
}

void delete_tagging(S3Handler& handler, Ask ask) {
  handler.change(
      catalog::Lane::control,
      [name = ask.address.bucket](catalog::Transaction& in) { return drop_tags(in, name); },
      [reply = std::move(ask.reply)](std::optional<aws::Fault> fault) mutable {
        send_empty(reply, std::move(fault), 204);
      });
}

}  // namespace hyd::objects
