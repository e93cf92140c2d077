// Buckets through the dispatcher, as stacks and the console call them.
#include "objects/ops/operations.h"

#include "aws/dispatcher.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "catalog/testing/simulated_catalog.h"
#include "codec/json.h"
#include "objects/store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

namespace hyd::objects {
namespace {

using codec::Json;

class BucketOperations : public ::testing::Test {
 protected:
  BucketOperations() : call_(aws::testing::test_call(loop_, clock_)), dispatcher_(authorizer_) {
    EXPECT_TRUE(catalog_.open({.schemas = {objects_schema()}}));
    auto store =
        Store::open({.runtime = catalog_.runtime(), .dir = catalog_.dir(), .catalog = *catalog_});
    EXPECT_TRUE(store);
    store_ = *std::move(store);
    dispatcher_.add(s3_table(), *store_);
  }

  // The answer as JSON text, or "NAME STATUS".
  std::string ask(std::string_view operation, std::string_view input) {
    std::string answer = "no answer";
    const auto document = codec::parse_json(input);
    if (!document) return document.error().what;
    dispatcher_.invoke(
        "s3", operation, call_, *document, [&](std::expected<Json, aws::Fault> outcome) {
          answer = outcome ? codec::to_text(*outcome)
                           : outcome.error().name + " " + std::to_string(outcome.error().status);
        });
    // The writer works in order, so behind this everything of ours has been told.
    EXPECT_TRUE(
        catalog_->write_and_wait([](catalog::Transaction&) { return base::Result<void>(); }));
    loop_.run_pending();
    return answer;
  }

  catalog::SimulatedCatalog catalog_;
  aws::testing::TestLoop loop_;
  aws::testing::TestClock clock_;
  aws::Call call_;
  aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_;
  std::unique_ptr<Store> store_;
};

TEST_F(BucketOperations, ABucketIsMadeTwiceWithTheSameAnswer) {
  EXPECT_EQ(ask("CreateBucket", R"({"Bucket":"orders"})"), R"({"Location":"/orders"})");
  EXPECT_EQ(ask("CreateBucket", R"({"Bucket":"orders"})"), R"({"Location":"/orders"})");
  EXPECT_EQ(ask("HeadBucket", R"({"Bucket":"orders"})"), R"({"BucketRegion":"us-east-1"})");
  EXPECT_EQ(ask("CreateBucket", R"({"Bucket":"Orders"})"), "InvalidBucketName 400");
}

TEST_F(BucketOperations, ABucketKeepsTheRegionThatIsAskedFor) {
  ask("CreateBucket",
      R"({"Bucket":"far","CreateBucketConfiguration":{"LocationConstraint":"eu-west-1"}})");
  EXPECT_EQ(ask("HeadBucket", R"({"Bucket":"far"})"), R"({"BucketRegion":"eu-west-1"})");
}

TEST_F(BucketOperations, ARemovedBucketIsGone) {
  ask("CreateBucket", R"({"Bucket":"orders"})");
  EXPECT_EQ(ask("DeleteBucket", R"({"Bucket":"orders"})"), "{}");
  EXPECT_EQ(ask("DeleteBucket", R"({"Bucket":"orders"})"), "NoSuchBucket 404");
  EXPECT_EQ(ask("HeadBucket", R"({"Bucket":"orders"})"), "NoSuchBucket 404");
}

TEST_F(BucketOperations, ABucketWithAnObjectStays) {
  ask("CreateBucket", R"({"Bucket":"orders"})");
  const std::string_view body[] = {"x"};
  const auto staged = store_->stage({.bucket = "orders", .key = "k", .body = body});
  ASSERT_TRUE(staged);
  ASSERT_TRUE(catalog_->write_and_wait(
      [&](catalog::Transaction& in) { return store_->commit(in, *staged); }));
  EXPECT_EQ(ask("DeleteBucket", R"({"Bucket":"orders"})"), "BucketNotEmpty 409");
}

TEST_F(BucketOperations, TagsAreKeptInOrder) {
  ask("CreateBucket", R"({"Bucket":"orders"})");
  EXPECT_EQ(ask("GetBucketTagging", R"({"Bucket":"orders"})"), "NoSuchTagSet 404");
  const std::string set = R"({"TagSet":[{"Key":"b","Value":"1 & 2"},{"Key":"a","Value":""}]})";
  EXPECT_EQ(ask("PutBucketTagging", R"({"Bucket":"orders","Tagging":)" + set + "}"), "{}");
  EXPECT_EQ(ask("GetBucketTagging", R"({"Bucket":"orders"})"), set);
  EXPECT_EQ(
      ask("PutBucketTagging", R"({"Bucket":"orders","Tagging":{"TagSet":[{"Key":"a","Value":""},)"
                              R"({"Key":"a","Value":""}]}})"),
      "InvalidTag 400");
  EXPECT_EQ(ask("DeleteBucketTagging", R"({"Bucket":"orders"})"), "{}");
  EXPECT_EQ(ask("GetBucketTagging", R"({"Bucket":"orders"})"), "NoSuchTagSet 404");
}

}  // namespace
}  // namespace hyd::objects
