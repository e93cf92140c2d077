// One life of a delivery on the simulated disk: a real log, a real catalog, the test's store, until
// the process ends.
#pragma once

#include "aws/authorizer.h"
#include "aws/dispatcher.h"
#include "aws/testing/test_call.h"
#include "catalog/catalog.h"
#include "codec/json.h"
#include "delivery/delivery.h"
#include "delivery/testing/broken_journal.h"
#include "delivery/testing/ports.h"
#include "log/testing/log_life.h"
#include "sys/wait_for.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::delivery {

class DeliveryLife {
 public:
  // With a rule of the journal switched off, if one is named.
  DeliveryLife(sys::SimProcess& process, EngineOptions options,
               std::optional<JournalRule> off = std::nullopt)
      : process_(process),
        log_(process, {.segment_bytes = 256u << 10, .hot_bytes_max = 32u << 10}),
        rng_(process.runtime.entropy().next()),
        store_([this] { return stage(); }) {
    auto dir = process.runtime.open_dir("data");
    HYD_CHECK(dir.has_value());
    dir_ = *std::move(dir);
    auto catalog = catalog::Catalog::open(process.runtime, *dir_,
                                          {.schemas = {delivery_schema(), CatalogStore::schema()}});
    if (!catalog) process.runtime.die("catalog: " + catalog.error().what);
    catalog_ = *std::move(catalog);
    sources_.set_shards(log::LogLife::kShards);
    if (off) {
      journal_ = std::make_unique<BrokenJournal>(*off, *catalog_, store_,
                                                 [this] { pause(std::chrono::milliseconds(500)); });
    } else {
      journal_ = std::make_unique<JournalInCatalog>(*catalog_, store_);
    }
    auto delivery = Delivery::open({.runtime = process.runtime,
                                    .catalog = *catalog_,
                                    .log = log_.journal(),
                                    .sources = sources_,
                                    .store = store_,
                                    .journal = *journal_,
                                    .loops = {&log_.loop(0), &log_.loop(1)},
                                    .options = options});
    if (!delivery) process.runtime.die("delivery: " + delivery.error().what);
    delivery_ = *std::move(delivery);
    dispatcher_ = std::make_unique<aws::Dispatcher>(authorizer_);
    dispatcher_->add(firehose_table(), *delivery_);
    log_.journal().start_letting_go();
    delivery_->start();
  }

  log::LogLife& log() { return log_; }
  Delivery& delivery() { return *delivery_; }
  FixedSources& sources() { return sources_; }
  catalog::Catalog& catalog() { return *catalog_; }
  // Attempts to store that fail, of a hundred.
  void fail_staging(std::uint64_t percent) { failing_percent_ = percent; }

  // The answer's text, or the fault's name and message.
  std::string ask(std::string_view operation, std::string input) {
    auto answer = sys::wait_for<std::string>(process_.runtime, [&](auto done) {
      sys::Loop& loop = log_.loop(0);
      loop.post([this, &loop, operation, input, done = std::move(done)]() mutable {
        const aws::Call call = aws::testing::test_call(loop, process_.runtime.clock());
        dispatcher_->invoke_text(
            dispatcher_->find("firehose", operation), call, input,
            [done = std::move(done)](std::expected<std::string, aws::Fault> outcome) mutable {
              done(outcome ? *outcome : outcome.error().name + " " + outcome.error().message);
            });
      });
    });
    HYD_CHECK(answer.has_value());
    return *answer;
  }

  // Waits until everything below the durable mark is stored. False: not within ten minutes.
  bool delivered() {
    const base::MonoTime until = process_.runtime.clock().mono() + std::chrono::minutes(10);
    const std::uint64_t end = log_.journal().end(log::Mark::durable).raw();
    while (process_.runtime.clock().mono() < until) {
      bool all = true;
      for (const Status& status : delivery_->status()) {
        all = all && status.end >= end && status.owed_records == 0 && status.open_intents == 0;
      }
      if (all) return true;
      pause(std::chrono::milliseconds(100));
    }
    return false;
  }
  void pause(std::chrono::nanoseconds time) {
    process_.runtime.sleep_until(process_.runtime.clock().mono() + time);
  }

  std::vector<StoredObject> objects() {
    auto reader = catalog_->reader();
    HYD_CHECK(reader.has_value());
    auto all = CatalogStore::all(**reader);
    HYD_CHECK(all.has_value());
    return *std::move(all);
  }

  void stop() {
    delivery_->stop();
    log_.stop();
    delivery_.reset();
    journal_.reset();
    catalog_.reset();
  }

 private:
  base::Result<void> stage() {
    if (rng_.below(100) >= failing_percent_) return {};
    return base::fail(base::Code::exhausted, "no space, says the test");
  }

  sys::SimProcess& process_;
  log::LogLife log_;
  std::unique_ptr<sys::Dir> dir_;
  std::unique_ptr<catalog::Catalog> catalog_;
  FixedSources sources_;
  base::FastRng rng_;
  std::uint64_t failing_percent_ = 0;
  CatalogStore store_;
  std::unique_ptr<DeliveryJournal> journal_;
  std::unique_ptr<Delivery> delivery_;
  aws::RootOnly authorizer_;
  std::unique_ptr<aws::Dispatcher> dispatcher_;
};

}  // namespace hyd::delivery
