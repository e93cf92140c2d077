#include "identity/root_keys.h"

#include "aws/arn.h"

#include <memory>

namespace hyd::identity {

RootKeys::RootKeys(const RootCredentials& credentials)
    : key_{.id = credentials.key_id,
           .secret = credentials.secret,
           .principal = std::make_shared<const aws::Principal>(
               aws::Principal{.account = credentials.account,
                              .arn = aws::make_arn({.service = "iam",
                                                    .region = "",
                                                    .account = credentials.account,
                                                    .resource = "root"}),
                              .user_id = credentials.account,
                              .type = aws::Principal::Type::root,
                              .access_key_id = credentials.key_id})} {}

const aws::AccessKey* RootKeys::find(std::string_view access_key_id) const {
  return access_key_id == key_.id ? &key_ : nullptr;
}

}  // namespace hyd::identity
