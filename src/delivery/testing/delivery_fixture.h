// A delivery over a simulated catalog and a log in memory, asked as callers in process ask it. The
// test's thread is the simulation's main thread and stands in for the loop.
#pragma once

#include "aws/authorizer.h"
#include "aws/dispatcher.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "catalog/testing/simulated_catalog.h"
#include "codec/json.h"
#include "delivery/delivery.h"
#include "delivery/testing/memory_log.h"
#include "delivery/testing/ports.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

class DeliveryFixture : public ::testing::Test {
 protected:
  DeliveryFixture() : call_(aws::testing::test_call(loop_, clock_)) {
    sources_.set_shards(2);
    for (const std::uint32_t shard : {1u, 2u}) {
      log_.open_shard(log::ShardNumber(shard), {}, [](auto) {});
    }
    open();
  }
  ~DeliveryFixture() override {
    dispatcher_ = nullptr;
    delivery_ = nullptr;
  }

  // A start of the program over what the disk holds.
  void open() {
    dispatcher_ = nullptr;
    delivery_ = nullptr;
    ASSERT_TRUE(catalog_.open({.schemas = {delivery_schema(), CatalogStore::schema()}}));
    journal_ = std::make_unique<JournalInCatalog>(*catalog_, store_);
    auto delivery = Delivery::open({.runtime = catalog_.runtime(),
                                    .catalog = *catalog_,
                                    .log = log_,
                                    .sources = sources_,
                                    .store = store_,
                                    .journal = *journal_,
                                    .loops = {&loop_},
                                    .options = options_});
    ASSERT_TRUE(delivery) << delivery.error().what;
    delivery_ = *std::move(delivery);
    dispatcher_ = std::make_unique<aws::Dispatcher>(authorizer_);
    dispatcher_->add(firehose_table(), *delivery_);
  }

  // The answer as JSON text, or "NAME message".
  std::string ask(std::string_view operation, std::string_view input) {
    std::string answer = "no answer";
    const auto document = codec::parse_json(input);
    if (!document) return document.error().what;
    dispatcher_->invoke("firehose", operation, call_, *document,
                        [&](std::expected<codec::Json, aws::Fault> outcome) {
                          answer = outcome ? codec::to_text(*outcome)
                                           : outcome.error().name + " " + outcome.error().message;
                        });
    // The writer works in order, so behind this everything of ours has been told.
    EXPECT_TRUE(
        catalog_->write_and_wait([](catalog::Transaction&) { return base::Result<void>(); }));
    loop_.run_pending();
    return answer;
  }

  // CreateDeliveryStream from the test's stream; `members` go into the destination.
  std::string create(std::string_view name, std::string_view members = "",
                     std::string_view beside = "") {
    std::string text = R"({"DeliveryStreamName":")" + std::string(name) +
                       R"(","DeliveryStreamType":"KinesisStreamAsSource",)"
                       R"("KinesisStreamSourceConfiguration":{"KinesisStreamARN":")" +
                       kTestStream +
                       R"(","RoleARN":"arn:aws:iam::123456789012:role/r"},)"
                       R"("ExtendedS3DestinationConfiguration":{)"
                       R"("RoleARN":"arn:aws:iam::123456789012:role/r",)"
                       R"("BucketARN":"arn:aws:s3:::events")";
    text += members;
    text += "}";
    text += beside;
    return ask("CreateDeliveryStream", text + "}");
  }

  // Lets the others run until `what` holds, for at most that long.
  template <class What>
  bool wait_until(What&& what, std::chrono::seconds most = std::chrono::seconds(600)) {
    const base::MonoTime end = catalog_.runtime().clock().mono() + most;
    while (!what()) {
      if (catalog_.runtime().clock().mono() >= end) return false;
      pause(std::chrono::milliseconds(100));
    }
    return true;
  }
  void pause(std::chrono::nanoseconds time) {
    catalog_.runtime().sleep_until(catalog_.runtime().clock().mono() + time);
    loop_.run_pending();
  }
  std::vector<StoredObject> objects() { return *CatalogStore::all(catalog_.reader()); }
  Status status() { return delivery_->status().at(0); }

  catalog::SimulatedCatalog catalog_;
  aws::testing::TestLoop loop_;
  aws::testing::TestClock clock_;
  MemoryLog log_;
  FixedSources sources_;
  CatalogStore store_;
  EngineOptions options_;
  aws::RootOnly authorizer_;
  aws::Call call_;
  std::unique_ptr<JournalInCatalog> journal_;
  std::unique_ptr<Delivery> delivery_;
  std::unique_ptr<aws::Dispatcher> dispatcher_;
};

}  // namespace hyd::delivery
