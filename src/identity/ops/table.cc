#include "aws/arn.h"
#include "identity/ops/operations.h"

namespace hyd::identity {
namespace {

using aws::Network;
using aws::operation;

// The role's path is not known before it is looked up; names are unique without it.
template <class Input>
std::string role_resource(const aws::Call& call, const Input& input) {
  const std::string resource = "role/" + input.role_name;
  return aws::make_arn(
      {.service = "iam", .region = "", .account = call.account, .resource = resource});
}

constexpr aws::Operation kIam[] = {
    operation<&create_role>("CreateRole", "iam:CreateRole", Network::closed, "Makes a role.")
        .on<&role_resource<CreateRoleInput>>(),
    operation<&get_role>("GetRole", "iam:GetRole", Network::closed, "Shows a role.")
        .on<&role_resource<RoleNameInput>>(),
    operation<&delete_role>("DeleteRole", "iam:DeleteRole", Network::closed,
                            "Removes a role that has no policies.")
        .on<&role_resource<RoleNameInput>>(),
    operation<&update_assume_role_policy>("UpdateAssumeRolePolicy", "iam:UpdateAssumeRolePolicy",
                                          Network::closed, "Replaces a role's trust policy.")
        .on<&role_resource<UpdateAssumeRolePolicyInput>>(),
    operation<&put_role_policy>("PutRolePolicy", "iam:PutRolePolicy", Network::closed,
                                "Adds or replaces an inline policy of a role.")
        .on<&role_resource<PutRolePolicyInput>>(),
    operation<&get_role_policy>("GetRolePolicy", "iam:GetRolePolicy", Network::closed,
                                "Shows an inline policy of a role.")
        .on<&role_resource<RolePolicyInput>>(),
    operation<&delete_role_policy>("DeleteRolePolicy", "iam:DeleteRolePolicy", Network::closed,
                                   "Removes an inline policy of a role.")
        .on<&role_resource<RolePolicyInput>>(),
    operation<&attach_role_policy>("AttachRolePolicy", "iam:AttachRolePolicy", Network::closed,
                                   "Attaches a managed policy to a role.")
        .on<&role_resource<AttachmentInput>>(),
    operation<&detach_role_policy>("DetachRolePolicy", "iam:DetachRolePolicy", Network::closed,
                                   "Detaches a managed policy from a role.")
        .on<&role_resource<AttachmentInput>>(),
};

constexpr aws::Operation kSts[] = {
    operation<&get_caller_identity>("GetCallerIdentity", "sts:GetCallerIdentity", Network::open,
                                    "Says whose credentials signed the call."),
};

constexpr aws::ServiceTable kIamTable{.name = "iam",
                                      .protocol = aws::Protocol::query,
                                      .version = "2010-05-08",
                                      .xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/",
                                      .operations = kIam};

constexpr aws::ServiceTable kStsTable{.name = "sts",
                                      .protocol = aws::Protocol::query,
                                      .version = "2011-06-15",
                                      .xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/",
                                      .operations = kSts};

}  // namespace

const aws::ServiceTable& iam_table() { return kIamTable; }
const aws::ServiceTable& sts_table() { return kStsTable; }

}  // namespace hyd::identity
