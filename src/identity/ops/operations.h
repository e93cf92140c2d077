// Inputs, outputs and handlers of this room's operations; the rows are in table.cc.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "identity/identity.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyd::identity {

const aws::ServiceTable& iam_table();
const aws::ServiceTable& sts_table();

struct CallerIdentity {
  std::string user_id;
  std::string account;
  std::string arn;
  static aws::Shape shape();
};
void get_caller_identity(Identity&, const aws::Call&, const aws::Nothing&,
                         aws::Done<CallerIdentity>);

struct Tag {
  std::string key;
  std::string value;
  static aws::Shape shape();
};

struct Boundary {
  std::string type;
  std::string arn;
  static aws::Shape shape();
};

// A role as answers show it: the trust policy is percent-encoded.
struct RoleDetail {
  std::string path;
  std::string role_name;
  std::string role_id;
  std::string arn;
  base::WallTime create_date;
  std::string assume_role_policy_document;
  std::optional<std::string> description;
  std::int32_t max_session_duration = 3600;
  std::optional<Boundary> permissions_boundary;
  std::optional<std::vector<Tag>> tags;
  static aws::Shape shape();
};
RoleDetail role_detail(const aws::Call& call, const Role& role);

struct RoleOutput {
  RoleDetail role;
  static aws::Shape shape();
};

struct CreateRoleInput {
  std::optional<std::string> path;
  std::string role_name;
  std::string assume_role_policy_document;
  std::optional<std::string> description;
  std::optional<std::int32_t> max_session_duration;
  std::optional<std::string> permissions_boundary;
  std::optional<std::vector<Tag>> tags;
  static aws::Shape shape();
};
void create_role(Identity&, const aws::Call&, const CreateRoleInput&, aws::Done<RoleOutput>);

struct RoleNameInput {
  std::string role_name;
  static aws::Shape shape();
};
void get_role(Identity&, const aws::Call&, const RoleNameInput&, aws::Done<RoleOutput>);
void delete_role(Identity&, const aws::Call&, const RoleNameInput&, aws::Done<aws::Nothing>);

struct UpdateAssumeRolePolicyInput {
  std::string role_name;
  std::string policy_document;
  static aws::Shape shape();
};
void update_assume_role_policy(Identity&, const aws::Call&, const UpdateAssumeRolePolicyInput&,
                               aws::Done<aws::Nothing>);

struct PutRolePolicyInput {
  std::string role_name;
  std::string policy_name;
  std::string policy_document;
  static aws::Shape shape();
};
void put_role_policy(Identity&, const aws::Call&, const PutRolePolicyInput&,
                     aws::Done<aws::Nothing>);

struct RolePolicyInput {
  std::string role_name;
  std::string policy_name;
  static aws::Shape shape();
};
struct RolePolicyOutput {
  std::string role_name;
  std::string policy_name;
  std::string policy_document;  // percent-encoded
  static aws::Shape shape();
};
void get_role_policy(Identity&, const aws::Call&, const RolePolicyInput&,
                     aws::Done<RolePolicyOutput>);
void delete_role_policy(Identity&, const aws::Call&, const RolePolicyInput&,
                        aws::Done<aws::Nothing>);

struct AttachmentInput {
  std::string role_name;
  std::string policy_arn;
  static aws::Shape shape();
};
void attach_role_policy(Identity&, const aws::Call&, const AttachmentInput&,
                        aws::Done<aws::Nothing>);
void detach_role_policy(Identity&, const aws::Call&, const AttachmentInput&,
                        aws::Done<aws::Nothing>);

}  // namespace hyd::identity
