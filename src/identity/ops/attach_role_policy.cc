#include "identity/faults.h"
#include "identity/ops/operations.h"
#include "identity/tables.h"

#include <utility>

namespace hyd::identity {
namespace {

constexpr std::int64_t kAttachmentsMax = 10;
// AWS's own; an account's managed policies cannot be made yet, so none of them exists.
constexpr std::string_view kOfAws = "arn:aws:iam::aws:policy/";

}  // namespace

void attach_role_policy(Identity& identity, const aws::Call& call, const AttachmentInput& input,
                        aws::Done<aws::Nothing> done) {
  const std::string key = role_key(input.role_name);
  identity.change(
      call,
      {.store = [key, input](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const bool there, has_role(in, key));
         if (!there) return no_such_role(input.role_name);
         if (!input.policy_arn.starts_with(kOfAws) || input.policy_arn.size() == kOfAws.size()) {
           return no_such_managed_policy(input.policy_arn);
         }
         RETURN_IF_ERROR(attach(in, {.role_key = key, .arn = input.policy_arn}));
         ASSIGN_OR_RETURN(const std::int64_t count, count_attachments(in, key));
         if (count > kAttachmentsMax) return too_many_attachments(kAttachmentsMax);
         return std::nullopt;
       },
       .apply = [key, arn = input.policy_arn](Roles& roles) { roles[key].attached.insert(arn); }},
      std::move(done));
}

}  // namespace hyd::identity
