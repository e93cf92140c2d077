#include "delivery/object.h"

#include "catalog/testing/simulated_catalog.h"
#include "codec/gzip.h"
#include "delivery/testing/memory_log.h"

#include <gtest/gtest.h>

namespace hyd::delivery {
namespace {

class ObjectTest : public ::testing::Test {
 protected:
  ObjectTest() : runtime_({.seed = 1, .on_end = {}}, disk_) {
    log_.put(7, "one");
    log_.put(8, "two");
    log_.put(7, "three");
    log_.put(7, "behind");
    intent_ = {
        .batch = *base::Uid::parse("0190a5c87d5e7abc8def0123456789ab"),
        .delivery = DeliveryId(1),
        .version = 1,
        .inputs = {{.shard = log::ShardNumber(7), .first = 1, .last = 3, .count = 2, .bytes = 8},
                   {.shard = log::ShardNumber(8), .first = 2, .last = 2, .count = 1, .bytes = 3}},
        .key = "k",
        .created_ms = 1,
        .oldest_ms = 1};
  }
  base::Result<Object> build(const Plan& plan = {}) {
    return build_object(intent_, plan,
                        {.runtime = runtime_, .log = log_, .stopping = [] { return false; }});
  }
  static std::string body(const Object& object) {
    std::string all;
    for (const std::string& piece : object.pieces) all += piece;
    return all;
  }

  sys::SimDisk disk_{1};
  sys::SimRuntime runtime_;
  MemoryLog log_;
  Intent intent_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST_F(ObjectTest, HasTheIntentsRecordsInTheOrderOfTheirPlaces) {
  const auto object = build();
  ASSERT_TRUE(object) << object.error().what;
  EXPECT_EQ(body(*object), "onetwothree");
  EXPECT_EQ(object->headers,
            (Headers{{"content-type", "application/octet-stream"},
                     {"x-amz-meta-hydrant-batch", "0190a5c8-7d5e-7abc-8def-0123456789ab"},
                     {"x-amz-meta-hydrant-records", "3"},
                     {"x-amz-meta-hydrant-first", "7:1.0,8:2.0"},
                     {"x-amz-meta-hydrant-last", "7:3.0,8:2.0"}}));
}

TEST_F(ObjectTest, GetsItsDelimiterBehindEachRecord) {
  Plan plan;
  plan.delimiter = "\n";
  EXPECT_EQ(body(*build(plan)), "one\ntwo\nthree\n");
}

TEST_F(ObjectTest, IsOneGzipMember) {
  Plan plan;
  plan.compression = Compression::gzip;
  const auto object = build(plan);
  ASSERT_TRUE(object);
  EXPECT_EQ(*codec::decompress(body(*object), base::kib(1)), "onetwothree");
  EXPECT_EQ(object->headers[1], (Headers::value_type{"content-encoding", "gzip"}));
}

TEST_F(ObjectTest, IsNeverShorterThanItsIntent) {
  log_.lose(7, 3);
  const auto object = build();
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().code, base::Code::corrupt);
  EXPECT_EQ(object.error().what, "shard 7, places 1 to 3: 1 records of 2 are there");
}

TEST_F(ObjectTest, IsNotMadeOfOtherBytes) {
  intent_.inputs[1].bytes = 4;
  EXPECT_FALSE(build());
}

TEST_F(ObjectTest, OfTooManyShardsNamesTheJournal) {
  intent_.inputs.clear();
  for (std::uint32_t n = 1; n <= 100; ++n) {
    intent_.inputs.push_back(
        {.shard = log::ShardNumber(n), .first = 1u << 30, .last = 1u << 30, .count = 1});
  }
  const Headers headers = object_headers(intent_, Compression::uncompressed);
  EXPECT_EQ(headers.back(), (Headers::value_type{"x-amz-meta-hydrant-ranges", "journal"}));
}

}  // namespace
}  // namespace hyd::delivery
