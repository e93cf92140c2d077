#include "identity/ops/operations.h"

namespace hyd::identity {

void get_caller_identity(Identity&, const aws::Call& call, const aws::Nothing&,
                         aws::Done<CallerIdentity> done) {
  const aws::Principal& caller = *call.principal;
  done(CallerIdentity{.user_id = caller.user_id, .account = caller.account, .arn = caller.arn});
}

}  // namespace hyd::identity
