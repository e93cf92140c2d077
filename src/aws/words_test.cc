// The small words of the room: faults, ARNs, regions, request ids.
#include "aws/arn.h"
#include "aws/fault.h"
#include "aws/region.h"
#include "aws/request_id.h"
#include "base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <set>
#include <string>
#include <string_view>

namespace hyd::aws {
namespace {

// Law: a failure of Hydrant's own is told apart from what AWS would also answer.
TEST(Fault, MarksFailuresOfOurOwnAndKeepsTheirCode) {
  using enum base::Code;
  for (const base::Code code : {io, unavailable, exhausted, timed_out, corrupt, invalid}) {
    const Fault fault = fault_from(base::fail(code, "disk: gone"));
    EXPECT_TRUE(fault.ours) << base::name(code);
    EXPECT_EQ(fault.code, code);
    EXPECT_EQ(fault.name, "InternalFailure");
    EXPECT_EQ(fault.status, 500);
    EXPECT_EQ(fault.message, "") << "the client learns nothing of our insides";
    EXPECT_EQ(fault.cause, "disk: gone");
  }
  EXPECT_EQ(fault_from(base::fail(cancelled, "stopping")).status, 503);
  EXPECT_FALSE(validation("x").ours);
  EXPECT_FALSE(unknown_operation().ours);
}

TEST(Fault, AnswersSdksWithAnAwsNameForALimitOfOurs) {
  const Fault fault =
      as_ours({.name = "ProvisionedThroughputExceededException", .message = "Rate exceeded"},
              base::fail(base::Code::exhausted, "log full"));
  EXPECT_EQ(fault.name, "ProvisionedThroughputExceededException");
  EXPECT_EQ(fault.status, 400);
  EXPECT_TRUE(fault.ours);
  EXPECT_EQ(fault.code, base::Code::exhausted);
}

TEST(Arn, ReadsWhatItWrites) {
  const std::string text = make_arn({.service = "kinesis",
                                     .region = "eu-west-1",
                                     .account = "123456789012",
                                     .resource = "stream/a/consumer/c:170"});
  EXPECT_EQ(text, "arn:aws:kinesis:eu-west-1:123456789012:stream/a/consumer/c:170");
  const auto arn = Arn::parse(text);
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->resource, "stream/a/consumer/c:170");
  EXPECT_EQ(arn->text(), text);
  EXPECT_TRUE(Arn::parse("arn:aws:s3:::bucket/key"));
}

TEST(Arn, RefusesWhatHasNotSixParts) {
  for (const std::string_view text :
       {"", "arn", "arn:aws:kinesis:r:a", "arn:aws:kinesis:r:a:", "arn::kinesis:r:a:x",
        "arn:aws::r:a:x", "urn:aws:kinesis:r:a:x"}) {
    EXPECT_FALSE(Arn::parse(text)) << text;
  }
}

TEST(Region, ChoosesThePartition) {
  EXPECT_EQ(partition_of("us-east-1"), "aws");
  EXPECT_EQ(partition_of("cn-north-1"), "aws-cn");
  EXPECT_EQ(partition_of("us-gov-west-1"), "aws-us-gov");
  EXPECT_EQ(partition_of("us-iso-east-1"), "aws-iso");
  EXPECT_EQ(partition_of("us-isob-east-1"), "aws-iso-b");
}

TEST(Region, IsAnyWellFormedName) {
  for (const std::string_view good : {"us-east-1", "local", "a", "x9"}) {
    EXPECT_TRUE(is_region(good)) << good;
  }
  for (const std::string_view bad : {"", "-a", "a-", "US", "a/b", "a:b", "a b"}) {
    EXPECT_FALSE(is_region(bad)) << bad;
  }
  EXPECT_FALSE(is_region(std::string(33, 'a')));
  EXPECT_TRUE(is_account("012345678901"));
  EXPECT_FALSE(is_account("01234567890a"));
  EXPECT_FALSE(is_account("1"));
}

TEST(RequestId, IsALowerCaseUuidOfVersionFour) {
  base::FastRng rng(7);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const RequestId id = RequestId::random(rng);
    const std::string_view text = id.text();
    ASSERT_EQ(text.size(), 36u);
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (at == 8 || at == 13 || at == 18 || at == 23) {
        ASSERT_EQ(text[at], '-') << text;
      } else {
        ASSERT_TRUE(std::string_view("0123456789abcdef").contains(text[at])) << text;
      }
    }
    ASSERT_EQ(text[14], '4');
    ASSERT_TRUE(std::string_view("89ab").contains(text[19])) << text;
    ASSERT_TRUE(seen.insert(std::string(text)).second);
    ASSERT_EQ(id.s3_text().size(), 16u);
  }
}

TEST(RequestId, TheExtendedIdIsBase64OfSeventyTwoBytes) {
  base::FastRng rng(7);
  std::array<char, kExtendedIdChars> id;
  write_extended_id(rng, id);
  for (const char c : id) {
    EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/') << c;
  }
}

}  // namespace
}  // namespace hyd::aws
