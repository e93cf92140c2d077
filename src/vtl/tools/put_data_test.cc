// Goal: what a put request carries is found wherever Kinesis and Firehose have it.
#include "vtl/tools/put_data.h"

#include <gtest/gtest.h>

namespace hyd::vtl {
namespace {

TEST(PutData, IsFoundInEveryShapeOfPut) {
  const auto one = put_data(R"({"Data":"aGkK","StreamName":"s"})");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].where, "Data");
  EXPECT_EQ(one[0].bytes, "hi\n");
  const auto firehose = put_data(R"({"Record":{"Data":"aGk="}})");
  ASSERT_EQ(firehose.size(), 1u);
  EXPECT_EQ(firehose[0].where, "Record.Data");
  const auto many = put_data(R"({"Records":[{"Data":"YQ=="},{"Data":"!"}]})");
  ASSERT_EQ(many.size(), 2u);
  EXPECT_EQ(many[0].bytes, "a");
  EXPECT_EQ(many[1].where, "Records[1].Data");
  EXPECT_FALSE(many[1].problem.empty());
}

TEST(PutData, OtherOutputsCarryNone) {
  EXPECT_TRUE(put_data("").empty());
  EXPECT_TRUE(put_data("not JSON").empty());
  EXPECT_TRUE(put_data(R"({"accepted":true})").empty());
}

TEST(PutData, BytesThatAreNoTextAreShownInHex) {
  EXPECT_EQ(readable("a\nb"), "a\nb");
  EXPECT_EQ(readable("\xff\x01"), "ff 01");
}

}  // namespace
}  // namespace hyd::vtl
