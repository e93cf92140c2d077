// One life of the streams over a real log and a real catalog on the simulated disk. Calls are made
// on a loop that the test itself runs; the log has a loop of its own.
#pragma once

#include "aws/dispatcher.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "base/check.h"
#include "catalog/catalog.h"
#include "codec/json.h"
#include "log/journal.h"
#include "log/testing/file_log_catalog.h"
#include "streams/stream_catalog.h"
#include "streams/streams.h"
#include "sys/loops.h"
#include "sys/sim/sim_runtime.h"
#include "sys/wait_for.h"
#include "sys/workers.h"

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::streams::testing {

struct LifeOptions {
  std::chrono::milliseconds transition{0};
  std::uint64_t log_bytes_max = UINT64_MAX;
  std::optional<std::uint64_t> shard_limit = std::nullopt;
  bool quotas = false;
};

class StreamsLife {
 public:
  using Options = LifeOptions;

  explicit StreamsLife(sys::SimRuntime& runtime, Options options = {}) : runtime_(runtime) {
    auto dir = runtime.open_dir("data");
    HYD_CHECK(dir.has_value());
    dir_ = *std::move(dir);
    auto lock = dir_->lock(base::MonoTime::never(), [](std::string_view) {});
    HYD_CHECK(lock.has_value());
    lock_ = *std::move(lock);
    auto catalog = catalog::Catalog::open(runtime, *dir_, {.schemas = {streams_schema()}});
    if (!catalog) runtime.die(catalog.error().what);
    catalog_ = *std::move(catalog);
    log_rows_ = std::make_unique<log::FileLogCatalog>(*dir_);
    loops_ = std::make_unique<sys::Loops>(runtime, sys::Loops::Options{.count = 1});
    workers_ = std::make_unique<sys::Workers>(runtime, sys::Workers::Options{.threads = 2});
    auto journal = log::Journal::open(
        {.runtime = runtime,
         .dir = *dir_,
         .catalog = *log_rows_,
         .loop = (*loops_)[0],
         .readers = *workers_},
        {.segment_bytes = 256u << 10, .log_bytes_max = options.log_bytes_max, .loops = 1});
    if (!journal) runtime.die(journal.error().what);
    journal_ = *std::move(journal);
    loops_->start();
    rows_ = std::make_unique<StreamsInCatalog>(*catalog_);
    auto streams = Streams::open({.runtime = runtime,
                                  .catalog = *rows_,
                                  .log = *journal_,
                                  .loops = {&loop_},
                                  .account = aws::testing::kTestAccount,
                                  .transition = options.transition,
                                  .shard_limit = options.shard_limit,
                                  .quotas = options.quotas});
    if (!streams) runtime.die(streams.error().what);
    streams_ = *std::move(streams);
    dispatcher_ = std::make_unique<aws::Dispatcher>(authorizer_);
    dispatcher_->add(kinesis_table(), *streams_);
  }
  // As a stop of the program: what was taken is committed and answered.
  ~StreamsLife() {
    settle();
    const auto stopped = sys::wait_for<void>(runtime_, [&](auto done) {
      journal_->stop([done = std::move(done)]() mutable { done({}); });
    });
    HYD_CHECK(stopped.has_value());
    catalog_->stop();
    loops_->stop();
    workers_->stop();
  }

  Streams& streams() { return *streams_; }
  log::Journal& journal() { return *journal_; }
  catalog::Catalog& catalog() { return *catalog_; }
  aws::testing::TestLoop& loop() { return loop_; }
  const aws::Dispatcher& dispatcher() const { return *dispatcher_; }
  sys::SimRuntime& runtime() { return runtime_; }

  // Lets everybody work for a while of simulated time.
  void settle() {
    for (int i = 0; i < 60; ++i) {
      loop_.run_pending();
      pass(std::chrono::milliseconds(1));
    }
    loop_.run_pending();
  }
  void pass(std::chrono::nanoseconds time) { runtime_.sleep_until(runtime_.clock().mono() + time); }

  using Answer = std::optional<std::expected<codec::Json, aws::Fault>>;
  // Starts a call whose answer is in `answer` when it has come.
  void start(std::string_view operation, std::string_view input, std::shared_ptr<Answer> answer,
             std::string_view region = "us-east-1") {
    const auto document = codec::parse_json(input);
    HYD_CHECK(document.has_value());
    aws::Call call = aws::testing::test_call(loop_, runtime_.clock());
    call.region = region;
    dispatcher_->invoke("kinesis", operation, call, *document,
                        [answer](auto outcome) { answer->emplace(std::move(outcome)); });
  }
  std::expected<codec::Json, aws::Fault> call(std::string_view operation, std::string_view input,
                                              std::string_view region = "us-east-1") {
    auto answer = std::make_shared<Answer>();
    start(operation, input, answer, region);
    for (int i = 0; i < 10'000 && !*answer; ++i) {
      loop_.run_pending();
      if (!*answer) pass(std::chrono::microseconds(200));
    }
    HYD_CHECK(answer->has_value());
    return **answer;
  }
  // The answer as JSON text, or "NAME STATUS message".
  std::string ask(std::string_view operation, std::string_view input,
                  std::string_view region = "us-east-1") {
    const auto outcome = call(operation, input, region);
    if (outcome) return codec::to_text(*outcome);
    return outcome.error().name + " " + std::to_string(outcome.error().status) + " " +
           outcome.error().message;
  }

 private:
  sys::SimRuntime& runtime_;
  std::unique_ptr<sys::Dir> dir_;
  std::unique_ptr<sys::DirLock> lock_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<log::FileLogCatalog> log_rows_;
  std::unique_ptr<sys::Loops> loops_;
  std::unique_ptr<sys::Workers> workers_;
  std::unique_ptr<log::Journal> journal_;
  aws::testing::TestLoop loop_;
  const aws::RootOnly authorizer_;
  std::unique_ptr<StreamsInCatalog> rows_;
  std::unique_ptr<Streams> streams_;
  std::unique_ptr<aws::Dispatcher> dispatcher_;
};

// The text member of an answer; empty when there is none.
inline std::string text_of(const codec::Json& answer, std::string_view name) {
  const codec::Json* const value = answer.find(name);
  const std::string* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : *text;
}

}  // namespace hyd::streams::testing
