#include "base/result.h"

#include <gtest/gtest.h>

namespace hyd::base {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(Code::invalid, "odd");
  return n / 2;
}

Result<int> quarter(int n) {
  ASSIGN_OR_RETURN(const int first, half(n));
  RETURN_IF_ERROR(half(first));
  return first / 2;
}

TEST(Result, CarriesTheValueOrTheFirstErrorOnItsWayUp) {
  const Result<int> good = quarter(8);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 2);
  const Result<int> bad = quarter(6);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Code::invalid);
}

TEST(Error, GrowsContextFromTheInsideOut) {
  const Error error = fail(Code::io, "refused").within("connect").within("put s3://b/k");
  EXPECT_EQ(error.what, "put s3://b/k: connect: refused");
  EXPECT_EQ(error.code, Code::io);
}

TEST(Code, EveryCodeHasANameOfItsOwn) {
  for (int i = 0; i <= static_cast<int>(Code::cancelled); ++i) {
    for (int j = 0; j < i; ++j) {
      EXPECT_NE(name(static_cast<Code>(i)), name(static_cast<Code>(j)));
    }
    EXPECT_NE(name(static_cast<Code>(i)), "unknown");
  }
}

TEST(Code, WrongInputIsNeverWorthARetry) {
  EXPECT_FALSE(retryable(Code::invalid));
  EXPECT_FALSE(retryable(Code::corrupt));
  EXPECT_TRUE(retryable(Code::exhausted));
  EXPECT_TRUE(retryable(Code::timed_out));
}

}  // namespace
}  // namespace hyd::base
