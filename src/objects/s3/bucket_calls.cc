// Buckets: made, looked for, listed, removed.
#include "base/parse_int.h"
#include "codec/base64.h"
#include "codec/time_text.h"
#include "codec/xml.h"
#include "objects/buckets.h"
#include "objects/faults.h"
#include "objects/s3/documents.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <algorithm>
#include <utility>

namespace hyd::objects {
namespace {

using aws::Outcome;

constexpr std::size_t kBucketsPageMax = 10'000;

// The region that a CreateBucketConfiguration asks for, or `ours`.
Outcome<std::string> region_asked(std::string_view body, std::string_view ours) {
  if (body.empty()) return std::string(ours);
  const base::Result<codec::XmlElement> document = codec::parse_xml(body);
  if (!document || document->name != "CreateBucketConfiguration") return malformed_xml();
  for (const std::string_view name : {"Location", "Bucket"}) {
    if (document->find(name) != nullptr) {
      return invalid_request("Directory buckets are not supported.");
    }
  }
  const std::string_view region = document->text_of("LocationConstraint");
  return std::string(region.empty() ? ours : region);
}

// What asks for a bucket that is not the plain one.
std::optional<aws::Fault> unusual_bucket(const net::RequestHead& head) {
  if (head.find("x-amz-bucket-object-lock-enabled").value_or("") == "true") {
    return not_implemented("x-amz-bucket-object-lock-enabled");
  }
  const auto acl = head.find("x-amz-acl");
  if (acl && *acl != "private") {
    return aws::Fault{.name = "InvalidBucketAclWithObjectOwnership",
                      .message =
                          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced "
                          "setting"};
  }
  const auto ownership = head.find("x-amz-object-ownership");
  if (ownership && *ownership != "BucketOwnerEnforced") {
    return not_implemented("x-amz-object-ownership");
  }
  return std::nullopt;
}

struct BucketsAsked {
  std::string account;
  std::string prefix = {};
  std::string token = {};  // the name that the page before ended with
  std::string region = {};
  std::size_t most = kBucketsPageMax;
  bool paged = false;
};

Outcome<BucketsAsked> read_buckets_asked(const Ask& ask) {
  BucketsAsked asked{.account = ask.caller.call.account};
  if (const std::string* text = ask.parameter("prefix")) asked.prefix = *text;
  if (const std::string* text = ask.parameter("bucket-region")) asked.region = *text;
  if (const std::string* text = ask.parameter("max-buckets")) {
    const auto number = base::parse_int<std::size_t>(*text);
    if (!number || *number < 1 || *number > kBucketsPageMax) {
      return invalid_argument({"max-buckets", *text},
                              "max-buckets must be an integer between 1 and 10000");
    }
    asked.most = *number;
    asked.paged = true;
  }
  if (const std::string* text = ask.parameter("continuation-token"); text && !text->empty()) {
    const base::Result<std::string> name = codec::base64_decode(*text);
    if (!name) {
      return invalid_argument({"continuation-token", *text},
                              "The continuation token provided is incorrect");
    }
    asked.token = *name;
    asked.paged = true;
  }
  return asked;
}

base::Result<std::string> buckets_document(Store& store, const BucketsAsked& asked) {
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  ASSIGN_OR_RETURN(std::vector<Bucket> buckets, read_buckets(*reader, {.prefix = asked.prefix,
                                                                       .after = asked.token,
                                                                       .most = kBucketsMax + 1}));
  if (!asked.region.empty()) {
    std::erase_if(buckets, [&](const Bucket& one) { return one.region != asked.region; });
  }
  const bool more = buckets.size() > asked.most;
  if (more) buckets.resize(asked.most);
  std::string text;
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("ListAllMyBucketsResult", {{"xmlns", kXmlNamespace}});
  write_owner(xml, asked.account);
  xml.open("Buckets");
  for (const Bucket& bucket : buckets) {
    xml.open("Bucket");
    xml.element("Name", bucket.name);
    xml.element("CreationDate", codec::iso_millis(bucket.created));
    if (asked.paged) xml.element("BucketRegion", bucket.region);
    xml.close();
  }
  xml.close();
  if (more) xml.element("ContinuationToken", codec::base64_encode(buckets.back().name));
  if (!asked.prefix.empty()) xml.element("Prefix", asked.prefix);
  xml.close();
  return text;
}

// Looks for the bucket and goes on with it on the loop.
void with_bucket(S3Handler& handler, Ask ask,
                 std::move_only_function<void(Reply, const Bucket&)> then) {
  handler.on_worker<Bucket>(
      [&store = handler.store(), name = ask.address.bucket]() -> Outcome<Bucket> {
        base::Result<Store::Reading> reader = store.read();
        if (!reader) return fault_of(std::move(reader).error());
        base::Result<std::optional<Bucket>> bucket = find_bucket(**reader, name);
        if (!bucket) return fault_of(std::move(bucket).error());
        if (!*bucket) return no_such_bucket(name);
        return **std::move(bucket);
      },
      [reply = std::move(ask.reply), then = std::move(then)](Outcome<Bucket> bucket) mutable {
        if (!bucket) return reply.fail(std::move(bucket).error());
        then(std::move(reply), *bucket);
      });
}

}  // namespace

void list_buckets(S3Handler& handler, Ask ask) {
  Outcome<BucketsAsked> asked = read_buckets_asked(ask);
  if (!asked) return ask.reply.fail(std::move(asked).error());
  handler.on_worker<std::string>(
      [&store = handler.store(), asked = *std::move(asked)]() -> Outcome<std::string> {
        base::Result<std::string> text = buckets_document(store, asked);
        if (!text) return fault_of(std::move(text).error());
        return *std::move(text);
      },
      [reply = std::move(ask.reply)](Outcome<std::string> text) mutable {
        if (!text) return reply.fail(std::move(text).error());
        net::Response response = xml_response();
        response.body = *std::move(text);
        reply.send(std::move(response));
      });
}

void create_bucket_call(S3Handler& handler, Ask ask) {
  if (auto fault = unusual_bucket(ask.head())) return ask.reply.fail(*std::move(fault));
  Outcome<std::string> region = region_asked(ask.request.body(), handler.parts().region);
  if (!region) return ask.reply.fail(std::move(region).error());
  Bucket bucket{
      .name = ask.address.bucket, .region = *std::move(region), .created = handler.store().now()};
  handler.change(
      catalog::Lane::control,
      [bucket](catalog::Transaction& in) { return make_bucket(in, bucket); },
      [reply = std::move(ask.reply), name = bucket.name](std::optional<aws::Fault> fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response;
        response.add("Location", "/" + name);
        reply.send(std::move(response));
      });
}

void head_bucket_call(S3Handler& handler, Ask ask) {
  with_bucket(handler, std::move(ask), [](Reply reply, const Bucket& bucket) {
    net::Response response = xml_response();
    response.add("x-amz-bucket-region", bucket.region);
    response.add("x-amz-access-point-alias", "false");
    reply.send(std::move(response));
  });
}

void get_bucket_location(S3Handler& handler, Ask ask) {
  with_bucket(handler, std::move(ask), [](Reply reply, const Bucket& bucket) {
    net::Response response = xml_response();
    codec::XmlWriter xml(response.body);
    xml.declaration();
    xml.open("LocationConstraint", {{"xmlns", kXmlNamespace}});
    if (bucket.region != "us-east-1") xml.text(bucket.region);
    xml.close();
    reply.send(std::move(response));
  });
}

void delete_bucket_call(S3Handler& handler, Ask ask) {
  handler.change(
      catalog::Lane::control,
      [&store = handler.store(), name = ask.address.bucket](catalog::Transaction& in) {
        store.expect_garbage();  // of uploads that nobody has ended
        return drop_bucket(in, name);
      },
      [&handler, reply = std::move(ask.reply)](std::optional<aws::Fault> fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response;
        response.status = 204;
        reply.send(std::move(response));
        handler.tidy();
      });
}

}  // namespace hyd::objects
