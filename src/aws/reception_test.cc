#include "aws/reception.h"

#include "net/http_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {
namespace {

Attempt attempt(const std::vector<net::Header>& headers) {
  net::RequestHead head;
  head.headers = headers;
  return attempt_of(head);
}

TEST(Attempt, IsARetryOnlyWhenTheClientSaysSo) {
  EXPECT_EQ(
      attempt({{"amz-sdk-invocation-id", "a"}, {"amz-sdk-request", "attempt=1; max=3"}}).number,
      1u);
  EXPECT_EQ(
      attempt({{"amz-sdk-invocation-id", "a"}, {"amz-sdk-request", "attempt=2; max=3"}}).number,
      2u);
  EXPECT_EQ(
      attempt({{"Amz-Sdk-Invocation-Id", "a"}, {"amz-sdk-request", "ttl=x; attempt=3"}}).number,
      3u);
  EXPECT_EQ(attempt({{"amz-sdk-invocation-id", "a"}, {"amz-sdk-retry", "1/0/500"}}).number, 2u);
  EXPECT_EQ(attempt({{"amz-sdk-invocation-id", "a"}, {"amz-sdk-retry", "0/0/500"}}).number, 1u);
}

TEST(Attempt, WithoutAnIdThereIsNothingToRecognise) {
  EXPECT_EQ(attempt({{"amz-sdk-request", "attempt=2"}}).invocation_id, "");
  EXPECT_EQ(attempt({{"amz-sdk-request", "attempt=2"}}).number, 1u);
  const std::string longer(65, 'a');
  EXPECT_EQ(attempt({{"amz-sdk-invocation-id", longer}}).invocation_id, "");
}

TEST(Attempt, TakesNonsenseForAFirstAttempt) {
  for (const std::string_view value :
       {"", "attempt=", "attempt=x", "attempt=-1", "attempt=99999999999"}) {
    EXPECT_EQ(attempt({{"amz-sdk-invocation-id", "a"}, {"amz-sdk-request", value}}).number, 1u)
        << value;
  }
  EXPECT_EQ(attempt({{"amz-sdk-invocation-id", "a"}, {"amz-sdk-retry", "4294967295/0/0"}}).number,
            1u);
}

}  // namespace
}  // namespace hyd::aws
