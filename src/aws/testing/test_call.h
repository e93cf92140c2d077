// A call by the account's root, for unit tests of handlers.
#pragma once

#include "aws/call.h"
#include "aws/testing/test_loop.h"

#include <memory>
#include <string>

namespace hyd::aws::testing {

inline constexpr const char* kTestAccount = "123456789012";

inline PrincipalPtr root_principal() {
  return std::make_shared<const Principal>(
      Principal{.account = kTestAccount,
                .arn = std::string("arn:aws:iam::") + kTestAccount + ":root",
                .user_id = kTestAccount,
                .type = Principal::Type::root,
                .access_key_id = "AKIAIOSFODNN7EXAMPLE"});
}

inline Call test_call(sys::Loop& loop, const base::Clock& clock) {
  return {.loop = loop,
          .clock = clock,
          .principal = root_principal(),
          .account = kTestAccount,
          .region = "us-east-1",
          .source_ip = "127.0.0.1"};
}

}  // namespace hyd::aws::testing
