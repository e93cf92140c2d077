#include "aws/arn.h"
#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

namespace hyd::stacks {
namespace {

using aws::Outcome;

constexpr std::string_view kAttributes[] = {"Arn"};
constexpr std::string_view kReplace[] = {"LogGroupName"};

constexpr Property kProperties[] = {
    {.name = "LogGroupName"},
    {.name = "RetentionInDays", .ignored = true},
    {.name = "LogGroupClass", .ignored = true},
    {.name = "KmsKeyId", .ignored = true},
    {.name = "Tags", .ignored = true},
};

void choose(Names& names, const StackPlace& place, Record& record) {
  record.physical_id = text_of(record.properties, "LogGroupName");
  if (record.physical_id.empty()) {
    record.physical_id = names.name({.stack = place.stack_name,
                                     .logical_id = record.logical_id,
                                     .size_max = 512,
                                     .lower_case = false});
  }
}

std::string attribute(const StackPlace& place, const Record& record, std::string_view) {
  return aws::make_arn({.service = "logs",
                        .region = place.region,
                        .account = place.account,
                        .resource = "log-group:" + record.physical_id + ":*"});
}

// There are no CloudWatch logs here: that others can name it is all there is to it.
Outcome<void> create(const Work&, const Record&) { return {}; }
Outcome<void> update(const Work&, const Record&, const Record&) { return {}; }
Outcome<void> remove(const Work&, const Record&) { return {}; }

}  // namespace

const ResourceType& logs_log_group() {
  static constexpr ResourceType kType{.name = "AWS::Logs::LogGroup",
                                      .doc = "Accepted, not provisioned.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .attributes = kAttributes,
                                      .inert = true,
                                      .choose = &choose,
                                      .attribute = &attribute,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks
