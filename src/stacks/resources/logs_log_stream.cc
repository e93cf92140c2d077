#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

namespace hyd::stacks {
namespace {

using aws::Outcome;

constexpr std::string_view kReplace[] = {"LogGroupName", "LogStreamName"};

constexpr Property kProperties[] = {
    {.name = "LogGroupName", .required = true},
    {.name = "LogStreamName"},
};

void choose(Names& names, const StackPlace& place, Record& record) {
  record.physical_id = text_of(record.properties, "LogStreamName");
  if (record.physical_id.empty()) {
    record.physical_id = names.name({.stack = place.stack_name,
                                     .logical_id = record.logical_id,
                                     .size_max = 512,
                                     .lower_case = false});
  }
}

// There are no CloudWatch logs here: that others can name it is all there is to it.
Outcome<void> create(const Work&, const Record&) { return {}; }
Outcome<void> update(const Work&, const Record&, const Record&) { return {}; }
Outcome<void> remove(const Work&, const Record&) { return {}; }

}  // namespace

const ResourceType& logs_log_stream() {
  static constexpr ResourceType kType{.name = "AWS::Logs::LogStream",
                                      .doc = "Accepted, not provisioned.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .inert = true,
                                      .choose = &choose,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks
