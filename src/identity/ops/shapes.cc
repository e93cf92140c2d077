// Members and constraints as IAM's service model (2010-05-08) has them. Patterns of texts whose
// only rule is "Latin-1 without control characters" are checked by length alone.
#include "aws/shape.h"
#include "identity/ops/operations.h"

#include <algorithm>

namespace hyd::identity {
namespace {

using aws::integer;
using aws::member;
using aws::Member;
using aws::Shape;
using aws::Spec;
using aws::string;
using aws::structure;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").contains(c);
  });
}
// "/" or "/…/" of visible ASCII.
bool is_path(std::string_view text) {
  return text.starts_with('/') && text.ends_with('/') &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

constexpr aws::Pattern kName = {R"([\w+=,.@-]+)", &is_name};
constexpr aws::Pattern kPath = {R"((\u002F)|(\u002F[\u0021-\u007E]+\u002F))", &is_path};

constexpr Spec kRoleName = string().required().length(1, 64).matching(kName);
constexpr Spec kPolicyName = string().required().length(1, 128).matching(kName);
constexpr Spec kDocument = string().required().length(1, 131'072);
constexpr Spec kArn = string().required().length(20, 2'048);
constexpr Spec kTag = structure();

}  // namespace

Shape CallerIdentity::shape() {
  static constexpr Member kMembers[] = {
      member<&CallerIdentity::user_id>("UserId", string().required()),
      member<&CallerIdentity::account>("Account", string().required()),
      member<&CallerIdentity::arn>("Arn", string().required()),
  };
  return kMembers;
}

Shape Tag::shape() {
  static constexpr Member kMembers[] = {
      member<&Tag::key>("Key", string().required().length(1, 128)),
      member<&Tag::value>("Value", string().required().length(0, 256)),
  };
  return kMembers;
}

Shape Boundary::shape() {
  static constexpr Member kMembers[] = {
      member<&Boundary::type>("PermissionsBoundaryType", string().required()),
      member<&Boundary::arn>("PermissionsBoundaryArn", string().required()),
  };
  return kMembers;
}

Shape RoleDetail::shape() {
  static constexpr Member kMembers[] = {
      member<&RoleDetail::path>("Path", string().required()),
      member<&RoleDetail::role_name>("RoleName", string().required()),
      member<&RoleDetail::role_id>("RoleId", string().required()),
      member<&RoleDetail::arn>("Arn", string().required()),
      member<&RoleDetail::create_date>("CreateDate", aws::timestamp().required()),
      member<&RoleDetail::assume_role_policy_document>("AssumeRolePolicyDocument",
                                                       string().required()),
      member<&RoleDetail::description>("Description", string()),
      member<&RoleDetail::max_session_duration>("MaxSessionDuration", integer().required()),
      member<&RoleDetail::permissions_boundary>("PermissionsBoundary", structure()),
      member<&RoleDetail::tags>("Tags", aws::list(kTag)),
  };
  return kMembers;
}

Shape RoleOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&RoleOutput::role>("Role", structure().required()),
  };
  return kMembers;
}

Shape CreateRoleInput::shape() {
  static constexpr Member kMembers[] = {
      member<&CreateRoleInput::path>("Path", string().length(1, 512).matching(kPath)),
      member<&CreateRoleInput::role_name>("RoleName", kRoleName),
      member<&CreateRoleInput::assume_role_policy_document>("AssumeRolePolicyDocument", kDocument),
      member<&CreateRoleInput::description>("Description", string().length_at_most(1'000)),
      member<&CreateRoleInput::max_session_duration>("MaxSessionDuration",
                                                     integer().range(3'600, 43'200)),
      member<&CreateRoleInput::permissions_boundary>("PermissionsBoundary",
                                                     string().length(20, 2'048)),
      member<&CreateRoleInput::tags>("Tags", aws::list(kTag).length_at_most(50)),
  };
  return kMembers;
}

Shape RoleNameInput::shape() {
  static constexpr Member kMembers[] = {
      member<&RoleNameInput::role_name>("RoleName", kRoleName),
  };
  return kMembers;
}

Shape UpdateAssumeRolePolicyInput::shape() {
  static constexpr Member kMembers[] = {
      member<&UpdateAssumeRolePolicyInput::role_name>("RoleName", kRoleName),
      member<&UpdateAssumeRolePolicyInput::policy_document>("PolicyDocument", kDocument),
  };
  return kMembers;
}

Shape PutRolePolicyInput::shape() {
  static constexpr Member kMembers[] = {
      member<&PutRolePolicyInput::role_name>("RoleName", kRoleName),
      member<&PutRolePolicyInput::policy_name>("PolicyName", kPolicyName),
      member<&PutRolePolicyInput::policy_document>("PolicyDocument", kDocument),
  };
  return kMembers;
}

Shape RolePolicyInput::shape() {
  static constexpr Member kMembers[] = {
      member<&RolePolicyInput::role_name>("RoleName", kRoleName),
      member<&RolePolicyInput::policy_name>("PolicyName", kPolicyName),
  };
  return kMembers;
}

Shape RolePolicyOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&RolePolicyOutput::role_name>("RoleName", string().required()),
      member<&RolePolicyOutput::policy_name>("PolicyName", string().required()),
      member<&RolePolicyOutput::policy_document>("PolicyDocument", string().required()),
  };
  return kMembers;
}

Shape AttachmentInput::shape() {
  static constexpr Member kMembers[] = {
      member<&AttachmentInput::role_name>("RoleName", kRoleName),
      member<&AttachmentInput::policy_arn>("PolicyArn", kArn),
  };
  return kMembers;
}

}  // namespace hyd::identity
