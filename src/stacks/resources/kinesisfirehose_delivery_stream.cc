#include "aws/arn.h"
#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

#include <utility>

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kService = "firehose";
constexpr std::string_view kTaken = "ResourceInUseException";
constexpr std::string_view kMissing = "ResourceNotFoundException";
constexpr std::string_view kAttributes[] = {"Arn"};
constexpr std::string_view kSource = "KinesisStreamSourceConfiguration";
constexpr std::string_view kDestination = "ExtendedS3DestinationConfiguration";

constexpr std::string_view kTypes[] = {"KinesisStreamAsSource"};
constexpr std::string_view kFormats[] = {"UNCOMPRESSED", "GZIP"};
constexpr std::string_view kBackups[] = {"Disabled"};
constexpr std::string_view kNoEncryption[] = {"NoEncryption"};
constexpr std::string_view kProcessorTypes[] = {"AppendDelimiterToRecord"};
constexpr Property kSourceMembers[] = {
    {.name = "KinesisStreamARN", .required = true},
    {.name = "RoleARN", .required = true},
};
constexpr Property kBuffering[] = {
    {.name = "SizeInMBs", .want = Want::integer, .min = 1, .max = 128},
    {.name = "IntervalInSeconds", .want = Want::integer, .min = 0, .max = 900},
};
constexpr Property kEncryption[] = {{.name = "NoEncryptionConfig", .one_of = kNoEncryption}};
constexpr Property kParameter[] = {
    {.name = "ParameterName", .required = true},
    {.name = "ParameterValue", .required = true},
};
constexpr Property kProcessor[] = {
    {.name = "Type", .required = true, .one_of = kProcessorTypes},
    {.name = "Parameters", .want = Want::list, .of = Want::object, .members = kParameter},
};
constexpr Property kProcessing[] = {
    {.name = "Enabled", .want = Want::boolean},
    {.name = "Processors", .want = Want::list, .of = Want::object, .members = kProcessor},
};
constexpr Property kDestinationMembers[] = {
    {.name = "BucketARN", .required = true},
    {.name = "RoleARN", .required = true},
    {.name = "Prefix"},
    {.name = "ErrorOutputPrefix"},
    {.name = "BufferingHints", .want = Want::object, .members = kBuffering},
    {.name = "CompressionFormat", .one_of = kFormats},
    {.name = "EncryptionConfiguration", .want = Want::object, .members = kEncryption},
    {.name = "ProcessingConfiguration", .want = Want::object, .members = kProcessing},
    {.name = "S3BackupMode", .one_of = kBackups},
    {.name = "FileExtension"},
    {.name = "CustomTimeZone"},
    {.name = "CloudWatchLoggingOptions", .ignored = true},
};
constexpr Property kProperties[] = {
    {.name = "DeliveryStreamName"},
    {.name = "DeliveryStreamType", .required = true, .one_of = kTypes},
    {.name = kSource, .want = Want::object, .members = kSourceMembers, .required = true},
    {.name = kDestination, .want = Want::object, .members = kDestinationMembers, .required = true},
    kTags,
};

void choose(Names& names, const StackPlace& place, Record& record) {
  record.physical_id = text_of(record.properties, "DeliveryStreamName");
  if (record.physical_id.empty()) {
    record.physical_id = names.name({.stack = place.stack_name,
                                     .logical_id = record.logical_id,
                                     .size_max = 64,
                                     .lower_case = false});
  }
}

std::string attribute(const StackPlace& place, const Record& record, std::string_view) {
  return aws::make_arn({.service = kService,
                        .region = place.region,
                        .account = place.account,
                        .resource = "deliverystream/" + record.physical_id});
}

Json named(const Record& record) {
  Json request;
  request.set("DeliveryStreamName", record.physical_id);
  return request;
}

Outcome<Json> look(const Work& work, const Record& record) {
  return work.client.call(kService, "DescribeDeliveryStream", named(record));
}

Wait look_at(const Work& work, const Record& record, std::string_view late) {
  return {
      .client = work.client, .look = [&work, &record] { return look(work, record); }, .late = late};
}

Outcome<bool> taken(const Work& work, const Record& record) {
  return is_there(look(work, record), kMissing);
}

bool is_active(const Json& answer) {
  const Json* const description = answer.find("DeliveryStreamDescription");
  return description != nullptr && text_of(*description, "DeliveryStreamStatus") == "ACTIVE";
}

Outcome<void> create(const Work& work, const Record& record) {
  Json request = named(record);
  carry(request, record.properties,
        {{"DeliveryStreamType", "DeliveryStreamType"},
         {kSource, kSource},
         {kDestination, kDestination},
         {"Tags", "Tags"}});
  Outcome<Json> made = work.client.call(kService, "CreateDeliveryStream", std::move(request));
  RETURN_IF_ERROR(work.repeat ? done_unless(std::move(made), kTaken) : done(std::move(made)));
  return wait_until(look_at(work, record, "the delivery stream does not become ACTIVE"),
                    &is_active);
}

Outcome<void> remove(const Work& work, const Record& record) {
  Outcome<Json> gone = work.client.call(kService, "DeleteDeliveryStream", named(record));
  if (!gone && gone.error().name != kMissing && gone.error().name != kTaken) {
    return std::move(gone).error();
  }
  return wait_until_gone(look_at(work, record, "the delivery stream is still being deleted"),
                         kMissing);
}

}  // namespace

const ResourceType& kinesisfirehose_delivery_stream() {
  static constexpr ResourceType kType{.name = "AWS::KinesisFirehose::DeliveryStream",
                                      .doc = "What takes a stream's records to a bucket.",
                                      .properties = kProperties,
                                      .attributes = kAttributes,
                                      .choose = &choose,
                                      .attribute = &attribute,
                                      .taken = &taken,
                                      .taken_fault = kTaken,
                                      .create = &create,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks
