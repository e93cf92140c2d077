#include "aws/region.h"
#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

#include <algorithm>
#include <utility>

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kService = "iam";
constexpr std::string_view kTaken = "EntityAlreadyExists";
constexpr std::string_view kMissing = "NoSuchEntity";
constexpr std::string_view kTrust = "AssumeRolePolicyDocument";
constexpr std::string_view kAttributes[] = {"Arn"};
constexpr std::string_view kReplace[] = {"RoleName", "Path"};
constexpr std::string_view kFixed[] = {"Description", "MaxSessionDuration", "PermissionsBoundary",
                                       "Tags"};

constexpr Property kPolicy[] = {
    {.name = "PolicyName", .required = true},
    {.name = "PolicyDocument", .want = Want::json, .required = true},
};
constexpr Property kProperties[] = {
    {.name = "RoleName"},
    {.name = "Path"},
    {.name = kTrust, .want = Want::json, .required = true},
    {.name = "Policies", .want = Want::list, .of = Want::object, .members = kPolicy},
    {.name = "ManagedPolicyArns", .want = Want::list},
    {.name = "Description"},
    {.name = "MaxSessionDuration", .want = Want::integer, .min = 3'600, .max = 43'200},
    {.name = "PermissionsBoundary"},
    kTags,
};

void choose(Names& names, const StackPlace& place, Record& record) {
  record.physical_id = text_of(record.properties, "RoleName");
  if (record.physical_id.empty()) {
    record.physical_id = names.name({.stack = place.stack_name,
                                     .logical_id = record.logical_id,
                                     .size_max = 64,
                                     .lower_case = false});
  }
}

std::string attribute(const StackPlace& place, const Record& record, std::string_view) {
  const std::string path = text_of(record.properties, "Path");
  return "arn:" + std::string(aws::partition_of(place.region)) + ":iam::" + place.account +
         ":role" + (path.empty() ? "/" : path) + record.physical_id;
}

Json named(const Record& record) {
  Json request;
  request.set("RoleName", record.physical_id);
  return request;
}

std::string document_text(const Json& of, std::string_view name) {
  const Json* const document = of.find(name);
  return document == nullptr ? std::string() : codec::to_text(*document);
}

bool has_policy(const Record& record, const std::string& name) {
  return std::ranges::any_of(items_of(record.properties, "Policies"), [&](const Json& policy) {
    return text_of(policy, "PolicyName") == name;
  });
}

bool has_managed(const Record& record, const Json& arn) {
  const auto all = items_of(record.properties, "ManagedPolicyArns");
  return std::ranges::find(all, arn) != all.end();
}

Outcome<void> attach(const Work& work, const Record& record, const Json& arn) {
  Json request = named(record);
  request.set("PolicyArn", arn);
  return done(work.client.call(kService, "AttachRolePolicy", std::move(request)));
}

Outcome<void> detach(const Work& work, const Record& record, const Json& arn) {
  Json request = named(record);
  request.set("PolicyArn", arn);
  return done_unless(work.client.call(kService, "DetachRolePolicy", std::move(request)), kMissing);
}

Outcome<void> drop_policy(const Work& work, const Record& record, const Json& policy) {
  Json request = named(record);
  carry(request, policy, {{"PolicyName", "PolicyName"}});
  return done_unless(work.client.call(kService, "DeleteRolePolicy", std::move(request)), kMissing);
}

// Inline policies and attachments as the properties want them; puts are harmless when repeated.
Outcome<void> put_policies(const Work& work, const Record& record) {
  for (const Json& policy : items_of(record.properties, "Policies")) {
    Json request = named(record);
    carry(request, policy, {{"PolicyName", "PolicyName"}});
    request.set("PolicyDocument", document_text(policy, "PolicyDocument"));
    RETURN_IF_ERROR(done(work.client.call(kService, "PutRolePolicy", std::move(request))));
  }
  for (const Json& arn : items_of(record.properties, "ManagedPolicyArns")) {
    RETURN_IF_ERROR(attach(work, record, arn));
  }
  return {};
}

Outcome<bool> taken(const Work& work, const Record& record) {
  return is_there(work.client.call(kService, "GetRole", named(record)), kMissing);
}

Outcome<void> create(const Work& work, const Record& record) {
  Json request = named(record);
  request.set(kTrust, document_text(record.properties, kTrust));
  carry(request, record.properties,
        {{"Path", "Path"},
         {"Description", "Description"},
         {"MaxSessionDuration", "MaxSessionDuration"},
         {"PermissionsBoundary", "PermissionsBoundary"},
         {"Tags", "Tags"}});
  Outcome<Json> made = work.client.call(kService, "CreateRole", std::move(request));
  RETURN_IF_ERROR(work.repeat ? done_unless(std::move(made), kTaken) : done(std::move(made)));
  return put_policies(work, record);
}

Outcome<void> update(const Work& work, const Record& before, const Record& after) {
  const std::string trust = document_text(after.properties, kTrust);
  if (document_text(before.properties, kTrust) != trust) {
    Json request = named(after);
    request.set("PolicyDocument", trust);
    RETURN_IF_ERROR(done(work.client.call(kService, "UpdateAssumeRolePolicy", std::move(request))));
  }
  for (const Json& policy : items_of(before.properties, "Policies")) {
    if (has_policy(after, text_of(policy, "PolicyName"))) continue;
    RETURN_IF_ERROR(drop_policy(work, after, policy));
  }
  for (const Json& arn : items_of(before.properties, "ManagedPolicyArns")) {
    if (!has_managed(after, arn)) RETURN_IF_ERROR(detach(work, after, arn));
  }
  return put_policies(work, after);
}

Outcome<void> remove(const Work& work, const Record& record) {
  for (const Json& policy : items_of(record.properties, "Policies")) {
    RETURN_IF_ERROR(drop_policy(work, record, policy));
  }
  for (const Json& arn : items_of(record.properties, "ManagedPolicyArns")) {
    RETURN_IF_ERROR(detach(work, record, arn));
  }
  return done_unless(work.client.call(kService, "DeleteRole", named(record)), kMissing);
}

}  // namespace

const ResourceType& iam_role() {
  static constexpr ResourceType kType{.name = "AWS::IAM::Role",
                                      .doc = "A role that services assume.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .fixed = kFixed,
                                      .attributes = kAttributes,
                                      .choose = &choose,
                                      .attribute = &attribute,
                                      .taken = &taken,
                                      .taken_fault = kTaken,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks
