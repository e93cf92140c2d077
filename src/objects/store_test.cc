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
  void remove(std::string_view key) {
    store_->expect_garbage();
    ASSERT_TRUE(catalog_->write_and_wait([&](catalog::Transaction& in) -> Result<void> {
      ASSIGN_OR_RETURN(const auto bucket, find_bucket(in, "bucket"));
      ASSIGN_OR_RETURN(const bool there, store_->remove(in, bucket->id, key));
      EXPECT_TRUE(there);
      return {};
    }));
  }
  // What a process has done that ends before the commit.
  void write_without_row() {
    auto writer = store_->begin(large_.size(), Purpose::client);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->append(large_));
    ASSERT_TRUE((*writer)->finish());
  }
  std::size_t pending_ids() {
    auto reader = store_->read();
    return read_pending(**reader)->size();
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

// What was staged for a delivery that is not wanted any more: nobody commits or discards it.
TEST_F(StoreTest, AStagedObjectThatIsDroppedLeavesNothing) {
  make_bucket("bucket");
  ASSERT_TRUE(put("drawn", large_));  // ids are drawn
  const std::size_t pending = pending_ids();
  for (int i = 0; i < 300; ++i) {
    auto staged = stage("k", large_);
    ASSERT_TRUE(staged);
    const Staged copy = *staged;
    EXPECT_EQ(files("blobs"), 2u);
    *staged = {};
    EXPECT_EQ(files("blobs"), 2u) << "a copy is left";
  }
  EXPECT_EQ(files("blobs"), 1u);
  EXPECT_EQ(pending_ids(), pending);
  EXPECT_TRUE(put("after", large_));
}

// More blobs than a page of them are still read when their objects go: they stay, and do not hide
// what lies behind them.
TEST_F(StoreTest, WhatIsReadIsKeptAndWhatIsNotGoes) {
  make_bucket("bucket");
  const std::size_t read = 300;
  std::vector<Uid> ids;
  for (std::size_t i = 0; i < read; ++i) {
    ASSERT_TRUE(put("read/" + std::to_string(i), std::string(40'000, 'r')));
    ids.push_back(find("read/" + std::to_string(i))->blob);
  }
  Store::Pin pin(*store_, ids);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(put("other/" + std::to_string(i), std::string(40'000, 'o')));
  }
  for (std::size_t i = 0; i < read; ++i) remove("read/" + std::to_string(i));
  for (int i = 0; i < 20; ++i) remove("other/" + std::to_string(i));
  int rounds = 0;
  for (; store_->has_garbage() && rounds < 10; ++rounds) ASSERT_TRUE(store_->tidy());
  EXPECT_LT(rounds, 10) << "it ends";
  EXPECT_EQ(files("blobs"), read);
  EXPECT_TRUE(store_->blobs().open(ids.front()));
  pin = {};
  EXPECT_TRUE(store_->has_garbage());
  while (store_->has_garbage()) ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(files("blobs"), 0u);
}

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

TEST_F(StoreTest, AFileWhoseRowWasNeverCommittedIsGoneAfterTheNextStart) {
  make_bucket("bucket");
  ASSERT_TRUE(put("kept", large_));
  write_without_row();
  EXPECT_EQ(files("blobs"), 2u);
  start();
  EXPECT_EQ(files("blobs"), 1u);
  EXPECT_TRUE(find("kept"));
  EXPECT_EQ(files("lost"), 0u);
}

TEST_F(StoreTest, WithAnOlderCatalogWhatWouldBeRemovedIsMovedToLost) {
  make_bucket("bucket");
  write_without_row();
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
