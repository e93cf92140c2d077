// The keys that exist: the root's. Constant from the start on, so every loop may ask it.
#pragma once

#include "aws/credentials.h"
#include "identity/credentials_file.h"

#include <string_view>

namespace hyd::identity {

class RootKeys final : public aws::KeyStore {
 public:
  explicit RootKeys(const RootCredentials& credentials);
  const aws::AccessKey* find(std::string_view access_key_id) const override;
  // For callers in process that act as the account: stacks, the console.
  const aws::PrincipalPtr& root() const { return key_.principal; }

 private:
  aws::AccessKey key_;
};

}  // namespace hyd::identity
