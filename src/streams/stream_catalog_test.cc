// The contract of a StreamCatalog, here of the one that is rows of the catalog. Each test asks only
// through the interface, so that another engine can be put behind it.
#include "streams/stream_catalog.h"

#include "catalog/testing/simulated_catalog.h"
#include "streams/streams.h"
#include "sys/wait_for.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace hyd::streams {
namespace {

class StreamCatalogContract : public ::testing::Test {
 protected:
  StreamCatalogContract() { restart(); }
  void restart() {
    ASSERT_TRUE(database_.open({.schemas = {streams_schema()}}));
    streams_ = std::make_unique<StreamsInCatalog>(*database_);
  }
  template <class T, class Start>
  T wait(Start start) {
    const base::Result<T> result =
        sys::wait_for<T>(database_.runtime(), [&](base::Done<T> done) { start(std::move(done)); });
    EXPECT_TRUE(result) << result.error().what;
    return result ? *result : T();
  }

  NewStream fresh(std::string_view name, std::uint32_t shards = 1) {
    NewStream stream{.uid = base::Uid::random(database_.runtime().entropy()),
                     .region = "us-east-1",
                     .name = std::string(name),
                     .arn = "arn:" + std::string(name),
                     .shards = shards,
                     .created_ms = 1'700'000'000'000,
                     .shards_created_ms = 1'699'999'998'000,
                     .first = log::Place(7)};
    stream.settings.tags = {{"a", "1"}};
    return stream;
  }
  StreamPtr create(NewStream stream) {
    return wait<StreamPtr>(
        [&](auto done) { streams_->create(std::move(stream), std::move(done)); });
  }
  bool begin_delete(const base::Uid& stream) {
    return wait<bool>([&](auto done) { streams_->begin_delete(stream, std::move(done)); });
  }
  base::Result<void> finish_delete(const StreamPtr& stream, std::uint64_t end) {
    std::vector<ShardEnd> ends;
    for (const Shard& shard : stream->shards) {
      ends.push_back({.number = shard.number, .end = log::Place(end)});
    }
    return sys::wait_for<void>(database_.runtime(), [&](auto done) {
      streams_->finish_delete(stream->uid, ends, std::move(done));
    });
  }
  base::Result<void> forget(const base::Uid& stream) {
    return sys::wait_for<void>(database_.runtime(),
                               [&](auto done) { streams_->forget(stream, std::move(done)); });
  }
  bool put_settings(const base::Uid& stream, Settings settings) {
    return wait<bool>(
        [&](auto done) { streams_->put_settings(stream, std::move(settings), std::move(done)); });
  }
  using Added = std::shared_ptr<const std::vector<Shard>>;
  Added reshard(const base::Uid& stream, ShardChange change) {
    return wait<Added>(
        [&](auto done) { streams_->reshard(stream, std::move(change), std::move(done)); });
  }
  // The only stream after a restart; null when there is none.
  StreamPtr kept() {
    restart();
    const auto all = streams_->list();
    EXPECT_TRUE(all) << all.error().what;
    if (!all || all->empty()) return nullptr;
    EXPECT_EQ(all->size(), 1u);
    return all->front();
  }

  catalog::SimulatedCatalog database_;
  std::unique_ptr<StreamsInCatalog> streams_;
};

TEST_F(StreamCatalogContract, ACreatedStreamIsKeptWhole) {
  const StreamPtr made = create(fresh("s", 3));
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->status, Status::active);
  ASSERT_EQ(made->shards.size(), 3u);
  EXPECT_EQ(made->shards[2].index, 2u);
  EXPECT_EQ(made->shards[2].range, tile({.index = 2, .count = 3}));
  EXPECT_EQ(made->shards[2].first, log::Place(7));
  const StreamPtr again = kept();
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(*again, *made);
}

TEST_F(StreamCatalogContract, ANameIsTakenUntilItsStreamIsGone) {
  const StreamPtr made = create(fresh("s"));
  EXPECT_EQ(create(fresh("s")), nullptr);
  NewStream elsewhere = fresh("s");
  elsewhere.region = "eu-west-1";
  EXPECT_NE(create(elsewhere), nullptr);
  EXPECT_TRUE(begin_delete(made->uid));
  EXPECT_EQ(create(fresh("s")), nullptr) << "deleting";
  EXPECT_TRUE(finish_delete(made, 9));
  const StreamPtr next = create(fresh("s"));
  ASSERT_NE(next, nullptr);
  EXPECT_GT(next->shards[0].number, made->shards[0].number);
}

TEST_F(StreamCatalogContract, ADeleteThatHasBegunIsThereAfterARestart) {
  const StreamPtr made = create(fresh("s"));
  EXPECT_TRUE(begin_delete(made->uid));
  EXPECT_TRUE(begin_delete(made->uid)) << "twice is once";
  EXPECT_EQ(kept()->status, Status::deleting);
}

TEST_F(StreamCatalogContract, TheEndsOfTheFirstTimeStay) {
  const StreamPtr made = create(fresh("s", 2));
  EXPECT_TRUE(begin_delete(made->uid));
  EXPECT_TRUE(finish_delete(made, 9));
  EXPECT_TRUE(finish_delete(made, 900));
  EXPECT_FALSE(begin_delete(made->uid)) << "gone";
  const StreamPtr gone = kept();
  EXPECT_EQ(gone->status, Status::gone);
  EXPECT_EQ(gone->shards[1].end, log::Place(9));
}

TEST_F(StreamCatalogContract, OnlyAStreamThatIsGoneIsForgotten) {
  const StreamPtr made = create(fresh("s"));
  const auto refused = forget(made->uid);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::conflict);
  EXPECT_TRUE(begin_delete(made->uid));
  EXPECT_FALSE(forget(made->uid));
  EXPECT_TRUE(finish_delete(made, 1));
  EXPECT_TRUE(forget(made->uid));
  EXPECT_TRUE(forget(made->uid)) << "twice is once";
  EXPECT_EQ(kept(), nullptr);
}

TEST_F(StreamCatalogContract, ShardNumbersAreNotGivenOutAgainAfterARestart) {
  const StreamPtr first = create(fresh("s", 4));
  begin_delete(first->uid);
  EXPECT_TRUE(finish_delete(first, 1));
  EXPECT_TRUE(forget(first->uid));
  restart();
  EXPECT_GT(create(fresh("s"))->shards[0].number, first->shards[3].number);
}

TEST_F(StreamCatalogContract, SettingsAreKeptWhole) {
  const StreamPtr made = create(fresh("s"));
  Settings settings{.mode = Mode::on_demand,
                    .record_bytes_max = 2u << 20,
                    .warm_mibps = 5,
                    .retention_hours = 48,
                    .gone_before_ms = 12,
                    .metrics = 0x7f,
                    .key_id = "alias/k",
                    .policy = "{}",
                    .tags = {{"b", "2"}},
                    .consumers_gone_s = 77};
  settings.consumers.emplace(
      "c",
      Consumer{
          .name = "c", .arn = "arn:c", .created_ms = 5'000, .tags = {{"x", "y"}}, .policy = "[]"});
  EXPECT_TRUE(put_settings(made->uid, settings));
  EXPECT_EQ(kept()->settings, settings);
  settings.consumers.at("c").status = Consumer::Status::deleting;
  EXPECT_TRUE(put_settings(made->uid, settings));
  EXPECT_TRUE(kept()->settings.consumers.empty()) << "what is being taken away is gone";
  EXPECT_FALSE(put_settings(fresh("t").uid, settings));
}

TEST_F(StreamCatalogContract, AReshardIsKeptWholeAndEndsWhatWasPending) {
  const StreamPtr made = create(fresh("s"));
  EXPECT_TRUE(wait<bool>(
      [&](auto done) { streams_->put_pending(made->uid, "split 0 9", std::move(done)); }));
  const auto pending = streams_->pending();
  ASSERT_TRUE(pending) << pending.error().what;
  EXPECT_EQ(*pending, (std::map<base::Uid, std::string>{{made->uid, "split 0 9"}}));
  const Reshard what{.kind = Reshard::Kind::split, .at = {.high = 1}};
  const ShardChange change =
      change_of(*made, plan_reshard(*made, what),
                {.ends = {{.number = made->shards[0].number, .end = log::Place(20)}},
                 .next = log::Place(21),
                 .now_ms = 1'700'000'001'500});
  const Added added = reshard(made->uid, change);
  ASSERT_NE(added, nullptr);
  Stream next = *made;
  apply(next, change, *added);
  EXPECT_EQ(*kept(), next);
  EXPECT_EQ(next.shards[2].created_ms, 1'700'000'002'000);
  const auto over = streams_->pending();
  ASSERT_TRUE(over) << over.error().what;
  EXPECT_TRUE(over->empty());
  EXPECT_TRUE(begin_delete(made->uid));
  EXPECT_EQ(reshard(made->uid, change), nullptr) << "it is being deleted";
}

TEST_F(StreamCatalogContract, TheAccountsSettingsAreKept) {
  const auto fresh = streams_->account();
  ASSERT_TRUE(fresh) << fresh.error().what;
  EXPECT_EQ(*fresh, AccountSettings());
  const AccountSettings settings{.commitment_started_ms = 5, .commitment_ended_ms = 6};
  EXPECT_TRUE(sys::wait_for<void>(
      database_.runtime(), [&](auto done) { streams_->put_account(settings, std::move(done)); }));
  restart();
  const auto again = streams_->account();
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, settings);
}

TEST_F(StreamCatalogContract, TheSealKeyIsMadeOnce) {
  const auto key = streams_->seal_key(database_.runtime().entropy());
  ASSERT_TRUE(key);
  restart();
  const auto again = streams_->seal_key(database_.runtime().entropy());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *key);
}

}  // namespace
}  // namespace hyd::streams
