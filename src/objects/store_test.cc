// The store for callers in this process: staging, tokens, space, removal, the sweep.
#include "objects/store.h"

#include "catalog/testing/simulated_catalog.h"
#include "codec/hash.h"
#include "objects/tables.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::objects {
namespace {

using base::Code;
using base::Result;
using base::Uid;

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() { start(); }

  void start(bool catalog_is_older = false) {
    store_ = nullptr;
    ASSERT_TRUE(catalog_.open({.schemas = {objects_schema()}}));
    auto store = Store::open({.runtime = catalog_.runtime(),
                              .dir = catalog_.dir(),
                              .catalog = *catalog_,
                              .catalog_is_older = catalog_is_older});
    ASSERT_TRUE(store) << store.error().what;
    store_ = *std::move(store);
  }
  void make_bucket(std::string_view name) {
    ASSERT_TRUE(catalog_->write_and_wait([&](catalog::Transaction& in) {
      return add_bucket(in, {.name = std::string(name), .region = "us-east-1", .created = {}});
    }));
  }
  Result<Staged> stage(std::string_view key, std::string_view body, const Uid& token = {},
                       Purpose purpose = Purpose::client) {
    const std::string_view pieces[] = {body};
    return store_->stage(
        {.bucket = "bucket", .key = std::string(key), .body = pieces, .purpose = purpose}, token);
  }
  Result<void> commit(const Staged& staged) {
    return catalog_->write_and_wait(
        [&](catalog::Transaction& in) { return store_->commit(in, staged); });
  }
  Result<void> put(std::string_view key, std::string_view body, const Uid& token = {}) {
    ASSIGN_OR_RETURN(const Staged staged, stage(key, body, token));
    return commit(staged);
  }
  std::optional<Object> find(std::string_view key) {
    auto reader = store_->read();
    const auto bucket = find_bucket(**reader, "bucket");
    if (!bucket || !*bucket) return std::nullopt;
    return *find_object(**reader, {.bucket = (*bucket)->id, .key = key});
  }
  std::size_t files(const std::string& top) {
    const auto in = [&](const std::string& folder) { return *catalog_.disk().list(folder); };
    if (top == "lost") return in(top).size();
    std::size_t count = 0;
    for (const std::string& xx : in(top)) {
      for (const std::string& yy : in(top + "/" + xx)) {
        count += in(top + "/" + xx + "/" + yy).size();
      }
    }
    return count;
  }
  Uid token(std::uint64_t seed) {
    base::FastRng rng(seed);
    return Uid::random(rng);
  }

  catalog::SimulatedCatalog catalog_;
  std::unique_ptr<Store> store_;
  const std::string large_ = std::string(100'000, 'x');
};

TEST_F(StoreTest, SmallObjectsHaveNoFileAndLargeOnesHaveOne) {
  make_bucket("bucket");
  ASSERT_TRUE(put("at the limit", std::string(kInlineBytesMax, 'y')));
  EXPECT_EQ(files("blobs"), 0u);
  ASSERT_TRUE(put("above it", std::string(kInlineBytesMax + 1, 'y')));
  EXPECT_EQ(files("blobs"), 1u);
  EXPECT_EQ(find("above it")->etag, codec::md5(std::string(kInlineBytesMax + 1, 'y')).hex());
}

TEST_F(StoreTest, PuttingAgainWithTheSameTokenChangesNothing) {
  make_bucket("bucket");
  const Uid batch = token(1);
  ASSERT_TRUE(put("key", large_, batch));
  const std::optional<Object> first = find("key");
  ASSERT_TRUE(put("key", "other bytes", batch));
  EXPECT_EQ(find("key")->etag, first->etag);
  EXPECT_EQ(find("key")->blob, first->blob);
  EXPECT_EQ(files("blobs"), 1u);
  ASSERT_TRUE(put("key", "other bytes", token(2)));
  EXPECT_EQ(find("key")->size, 11u);
}

TEST_F(StoreTest, StagedTwiceWithOneTokenKeepsOneFile) {
  make_bucket("bucket");
  const auto one = stage("key", large_, token(1));
  const auto two = stage("key", large_, token(1));
  ASSERT_TRUE(one && two);
  EXPECT_EQ(files("blobs"), 2u);
  ASSERT_TRUE(commit(*one));
  ASSERT_TRUE(commit(*two));
  EXPECT_EQ(find("key")->blob, one->object.blob);
  ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(files("blobs"), 1u);
}

TEST_F(StoreTest, CommittingTheSameStagedObjectTwiceIsHarmless) {
  make_bucket("bucket");
  const auto staged = stage("key", large_);
  ASSERT_TRUE(staged);
  ASSERT_TRUE(commit(*staged));
  ASSERT_TRUE(commit(*staged));
  ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(files("blobs"), 1u);
}

TEST_F(StoreTest, CommitIntoAMissingBucketIsNotFoundAndDiscardLeavesNothing) {
  const auto staged = stage("key", large_);
  ASSERT_TRUE(staged);
  const Result<void> done = commit(*staged);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::not_found);
  store_->discard(*staged);
  EXPECT_EQ(files("blobs"), 0u);
}

TEST_F(StoreTest, AStagedObjectThatWasNeverCommittedIsGoneAfterTheNextStart) {
  make_bucket("bucket");
  ASSERT_TRUE(put("kept", large_));
  ASSERT_TRUE(stage("key", large_));
  EXPECT_EQ(files("blobs"), 2u);
  start();
  EXPECT_EQ(files("blobs"), 1u);
  EXPECT_TRUE(find("kept"));
  EXPECT_EQ(files("lost"), 0u);
}

TEST_F(StoreTest, WithAnOlderCatalogWhatWouldBeRemovedIsMovedToLost) {
  make_bucket("bucket");
  ASSERT_TRUE(stage("key", large_));
  start(true);
  EXPECT_EQ(files("blobs"), 0u);
  EXPECT_EQ(files("lost"), 1u);
}

TEST_F(StoreTest, AnOverwrittenOrRemovedObjectGivesItsFileBack) {
  make_bucket("bucket");
  ASSERT_TRUE(put("key", large_));
  ASSERT_TRUE(put("key", "small"));
  EXPECT_TRUE(store_->has_garbage());
  ASSERT_TRUE(store_->tidy());
  EXPECT_FALSE(store_->has_garbage());
  EXPECT_EQ(files("blobs"), 0u);
}

TEST_F(StoreTest, AFileThatNoRowNamesIsMovedToLostAndNeverRemoved) {
  make_bucket("bucket");
  ASSERT_TRUE(put("key", large_));
  const Uid stranger = token(9);
  const std::string path = blob_path(stranger);
  ASSERT_TRUE(catalog_.disk().make_dirs(path.substr(0, path.rfind('/'))));
  ASSERT_TRUE(catalog_.disk().create(path, 10));
  const auto moved = store_->sweep_slice(stranger.bytes()[0]);
  ASSERT_TRUE(moved) << moved.error().what;
  EXPECT_EQ(*moved, 1u);
  EXPECT_EQ(files("lost"), 1u);
  EXPECT_EQ(*store_->sweep_slice(find("key")->blob.bytes()[0]), 0u);
  EXPECT_EQ(files("blobs"), 1u);
}

TEST_F(StoreTest, AFullDiskRefusesPutsAndStillLetsDeletesThrough) {
  make_bucket("bucket");
  ASSERT_TRUE(put("key", large_));
  catalog_.disk().set_capacity(catalog_.disk().bytes_used() + 1000);
  const auto refused = stage("more", large_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::exhausted);
  ASSERT_TRUE(catalog_->write_and_wait([&](catalog::Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(store_->remove(in, 1, "key"));
    return {};
  }));
  ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(files("blobs"), 0u);
}

TEST_F(StoreTest, ADeliveryMayGoDeeperIntoTheReserveThanAClient) {
  make_bucket("bucket");
  ASSERT_TRUE(put("first", large_));  // ids are drawn
  // A quarter of this disk is the reserve, half of that a delivery's.
  const std::uint64_t used = catalog_.disk().bytes_used();
  catalog_.disk().set_capacity(used + used / 4);
  EXPECT_FALSE(stage("key", large_, {}, Purpose::client));
  EXPECT_TRUE(stage("key", large_, {}, Purpose::delivery));
}

// Another worker tidies between a removal's decision and its commit.
TEST_F(StoreTest, TidyingBesideARemovalMissesNothing) {
  make_bucket("bucket");
  ASSERT_TRUE(put("key", large_));
  sys::SimRuntime& runtime = catalog_.runtime();
  ASSERT_TRUE(runtime.fail_points().arm("catalog.before_commit:1:delay=50"));
  auto other = runtime.spawn("tidy", [&] {
    runtime.sleep_until(runtime.clock().mono() + std::chrono::milliseconds(20));
    EXPECT_TRUE(store_->tidy());
  });
  ASSERT_TRUE(catalog_->write_and_wait([&](catalog::Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(store_->remove(in, 1, "key"));
    return {};
  }));
  other->join();
  while (store_->has_garbage()) ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(files("blobs"), 0u);
}

}  // namespace
}  // namespace hyd::objects
