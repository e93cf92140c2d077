#include "aws/arn.h"
#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

#include <utility>

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kService = "kinesis";
constexpr std::string_view kTaken = "ResourceInUseException";
constexpr std::string_view kMissing = "ResourceNotFoundException";
constexpr std::string_view kAttributes[] = {"Arn"};

constexpr std::string_view kModes[] = {"PROVISIONED", "ON_DEMAND"};
constexpr Property kMode[] = {{.name = "StreamMode", .required = true, .one_of = kModes}};
constexpr Property kProperties[] = {
    {.name = "Name"},
    {.name = "ShardCount", .want = Want::integer, .min = 1, .max = 100'000},
    {.name = "RetentionPeriodHours", .want = Want::integer},
    {.name = "StreamModeDetails", .want = Want::object, .members = kMode},
    kTags,
    {.name = "StreamEncryption", .ignored = true},
    {.name = "DesiredShardLevelMetrics", .ignored = true},
};

void choose(Names& names, const StackPlace& place, Record& record) {
  record.physical_id = text_of(record.properties, "Name");
  if (record.physical_id.empty()) {
    record.physical_id = names.name({.stack = place.stack_name,
                                     .logical_id = record.logical_id,
                                     .size_max = 128,
                                     .lower_case = false});
  }
}

std::string attribute(const StackPlace& place, const Record& record, std::string_view) {
  return aws::make_arn({.service = kService,
                        .region = place.region,
                        .account = place.account,
                        .resource = "stream/" + record.physical_id});
}

std::vector<Objection> check(const Json& properties) {
  std::vector<Objection> out;
  if (const Json* const hours = properties.find("RetentionPeriodHours");
      hours != nullptr && hours->as_integer() != 24) {
    out.push_back({.path = {"RetentionPeriodHours"},
                   .what = "expected 24, the only retention that this version keeps"});
  }
  const Json* const mode = properties.find("StreamModeDetails");
  const bool on_demand = mode != nullptr && text_of(*mode, "StreamMode") == "ON_DEMAND";
  const bool counted = properties.find("ShardCount") != nullptr;
  if (on_demand && counted) {
    out.push_back({.path = {"ShardCount"},
                   .what = "a stream in mode ON_DEMAND has no ShardCount; remove one of the two"});
  } else if (!on_demand && !counted) {
    out.push_back({.path = {}, .what = "expected the property ShardCount"});
  }
  return out;
}

Json named(const Record& record) {
  Json request;
  request.set("StreamName", record.physical_id);
  return request;
}

Outcome<Json> look(const Work& work, const Record& record) {
  return work.client.call(kService, "DescribeStreamSummary", named(record));
}

Wait look_at(const Work& work, const Record& record, std::string_view late) {
  return {
      .client = work.client, .look = [&work, &record] { return look(work, record); }, .late = late};
}

Outcome<bool> taken(const Work& work, const Record& record) {
  return is_there(look(work, record), kMissing);
}

bool is_active(const Json& answer) {
  const Json* const description = answer.find("StreamDescriptionSummary");
  return description != nullptr && text_of(*description, "StreamStatus") == "ACTIVE";
}

Outcome<void> create(const Work& work, const Record& record) {
  Json request = named(record);
  carry(request, record.properties,
        {{"ShardCount", "ShardCount"}, {"StreamModeDetails", "StreamModeDetails"}});
  carry_tags_as_map(request, "Tags", record.properties);
  Outcome<Json> made = work.client.call(kService, "CreateStream", std::move(request));
  RETURN_IF_ERROR(work.repeat ? done_unless(std::move(made), kTaken) : done(std::move(made)));
  return wait_until(look_at(work, record, "the stream does not become ACTIVE"), &is_active);
}

Outcome<void> remove(const Work& work, const Record& record) {
  Json request = named(record);
  request.set("EnforceConsumerDeletion", true);
  Outcome<Json> gone = work.client.call(kService, "DeleteStream", std::move(request));
  if (!gone && gone.error().name != kMissing && gone.error().name != kTaken) {
    return std::move(gone).error();
  }
  return wait_until_gone(look_at(work, record, "the stream is still being deleted"), kMissing);
}

}  // namespace

const ResourceType& kinesis_stream() {
  static constexpr ResourceType kType{.name = "AWS::Kinesis::Stream",
                                      .doc = "A stream of records in shards.",
                                      .properties = kProperties,
                                      .attributes = kAttributes,
                                      .choose = &choose,
                                      .attribute = &attribute,
                                      .check = &check,
                                      .taken = &taken,
                                      .taken_fault = kTaken,
                                      .create = &create,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks
