#include "aws/region.h"
#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

#include <utility>

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kService = "s3";
constexpr std::string_view kMissing = "NoSuchBucket";
constexpr std::string_view kAttributes[] = {"Arn", "DomainName", "RegionalDomainName"};

constexpr Property kProperties[] = {
    {.name = "BucketName"},
    kTags,
    {.name = "BucketEncryption", .ignored = true},
    {.name = "PublicAccessBlockConfiguration", .ignored = true},
    {.name = "OwnershipControls", .ignored = true},
};

void choose(Names& names, const StackPlace& place, Record& record) {
  record.physical_id = text_of(record.properties, "BucketName");
  if (record.physical_id.empty()) {
    record.physical_id = names.name({.stack = place.stack_name,
                                     .logical_id = record.logical_id,
                                     .size_max = 63,
                                     .lower_case = true});
  }
}

std::string attribute(const StackPlace& place, const Record& record, std::string_view name) {
  if (name == "DomainName") return record.physical_id + ".s3.amazonaws.com";
  if (name == "RegionalDomainName") {
    return record.physical_id + ".s3." + place.region + ".amazonaws.com";
  }
  return "arn:" + std::string(aws::partition_of(place.region)) + ":s3:::" + record.physical_id;
}

Json named(const Record& record) {
  Json request;
  request.set("Bucket", record.physical_id);
  return request;
}

Outcome<bool> taken(const Work& work, const Record& record) {
  Outcome<Json> seen = work.client.call(kService, "HeadBucket", named(record));
  if (!seen && seen.error().status == 404) return false;
  return is_there(seen, kMissing);
}

Outcome<void> create(const Work& work, const Record& record) {
  RETURN_IF_ERROR(done(work.client.call(kService, "CreateBucket", named(record))));
  if (const Json* const tags = record.properties.find("Tags")) {
    Json tagging;
    tagging.set("TagSet", *tags);
    Json request = named(record);
    request.set("Tagging", std::move(tagging));
    return done(work.client.call(kService, "PutBucketTagging", std::move(request)));
  }
  return {};
}

Outcome<void> remove(const Work& work, const Record& record) {
  return done_unless(work.client.call(kService, "DeleteBucket", named(record)), kMissing);
}

}  // namespace

const ResourceType& s3_bucket() {
  static constexpr ResourceType kType{.name = "AWS::S3::Bucket",
                                      .doc = "A bucket of the built-in object store.",
                                      .properties = kProperties,
                                      .attributes = kAttributes,
                                      .choose = &choose,
                                      .attribute = &attribute,
                                      .taken = &taken,
                                      .create = &create,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks
