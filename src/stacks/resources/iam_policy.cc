#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

#include <algorithm>
#include <utility>

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kService = "iam";
constexpr std::string_view kMissing = "NoSuchEntity";

constexpr std::string_view kReplace[] = {"PolicyName"};

constexpr Property kProperties[] = {
    {.name = "PolicyName", .required = true},
    {.name = "PolicyDocument", .want = Want::json, .required = true},
    {.name = "Roles", .want = Want::list, .required = true},
};

void choose(Names&, const StackPlace&, Record& record) {
  record.physical_id = text_of(record.properties, "PolicyName");
}

std::string key(const Record& record) {
  std::string out = text_of(record.properties, "PolicyName");
  for (const Json& role : items_of(record.properties, "Roles")) out += "/" + codec::to_text(role);
  return out;
}

Outcome<void> drop(const Work& work, const Record& record, const Json& role) {
  Json request;
  request.set("RoleName", role);
  carry(request, record.properties, {{"PolicyName", "PolicyName"}});
  return done_unless(work.client.call(kService, "DeleteRolePolicy", std::move(request)), kMissing);
}

Outcome<void> create(const Work& work, const Record& record) {
  const Json* const document = record.properties.find("PolicyDocument");
  for (const Json& role : items_of(record.properties, "Roles")) {
    Json request;
    request.set("RoleName", role);
    carry(request, record.properties, {{"PolicyName", "PolicyName"}});
    request.set("PolicyDocument", document == nullptr ? "" : codec::to_text(*document));
    RETURN_IF_ERROR(done(work.client.call(kService, "PutRolePolicy", std::move(request))));
  }
  return {};
}

Outcome<void> remove(const Work& work, const Record& record) {
  for (const Json& role : items_of(record.properties, "Roles")) {
    RETURN_IF_ERROR(drop(work, record, role));
  }
  return {};
}

Outcome<void> update(const Work& work, const Record& before, const Record& after) {
  const auto kept = items_of(after.properties, "Roles");
  for (const Json& role : items_of(before.properties, "Roles")) {
    if (std::ranges::find(kept, role) != kept.end()) continue;
    RETURN_IF_ERROR(drop(work, before, role));
  }
  return create(work, after);
}

}  // namespace

const ResourceType& iam_policy() {
  static constexpr ResourceType kType{.name = "AWS::IAM::Policy",
                                      .doc = "An inline policy of roles.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .choose = &choose,
                                      .key = &key,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks
