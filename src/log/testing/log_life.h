// One life of a log on the simulated disk: what a test does between start and end.
#pragma once

#include "log/journal.h"
#include "log/testing/file_log_catalog.h"
#include "sys/loops.h"
#include "sys/sim/sim_process.h"
#include "sys/wait_for.h"
#include "sys/workers.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::log {

class LogLife {
 public:
  static constexpr std::uint32_t kShards = 3;

  // Shards 1 to `shards` are open.
  LogLife(sys::SimProcess& process, JournalOptions options, std::uint32_t shards = kShards)
      : process_(process) {
    auto dir = process.runtime.open_dir("data");
    HYD_CHECK(dir.has_value());
    dir_ = *std::move(dir);
    auto lock = dir_->lock(base::MonoTime::never(), [](std::string_view) {});
    HYD_CHECK(lock.has_value());
    lock_ = *std::move(lock);
    catalog_ = std::make_unique<FileLogCatalog>(*dir_);
    loops_ = std::make_unique<sys::Loops>(process.runtime,
                                          sys::Loops::Options{.count = 2, .name = "loop"});
    readers_ = std::make_unique<sys::Workers>(process.runtime,
                                              sys::Workers::Options{.name = "io", .threads = 2});
    options.loops = 2;
    auto opened = Journal::open({.runtime = process.runtime,
                                 .dir = *dir_,
                                 .catalog = *catalog_,
                                 .loop = (*loops_)[0],
                                 .readers = *readers_},
                                options);
    if (!opened) process.runtime.die(opened.error().what);
    journal_ = *std::move(opened);
    loops_->start();
    for (std::uint32_t shard = 1; shard <= shards; ++shard) {
      const auto done = sys::wait_for<void>(process.runtime, [&](auto told) {
        journal_->open_shard(ShardNumber(shard), {.stream = {}, .index = shard}, std::move(told));
      });
      HYD_CHECK(done.has_value());
    }
  }

  Journal& journal() { return *journal_; }
  // Another thread's until `stop`.
  FileLogCatalog& catalog() { return *catalog_; }
  sys::Loop& loop(std::size_t i) { return (*loops_)[i]; }
  sys::Runtime& runtime() { return process_.runtime; }

  // Appends one call from a loop and waits for its answer.
  base::Result<Appended> append(std::size_t loop_index,
                                std::vector<std::pair<std::uint32_t, std::string>> records) {
    return sys::wait_for<Appended>(process_.runtime, [&](auto done) {
      sys::Loop& from = loop(loop_index);
      from.post([this, &from, records, done = std::move(done)]() mutable {
        std::vector<NewRecord> call;
        for (const auto& [shard, data] : records) {
          call.push_back({.shard = ShardNumber(shard), .key = "key", .data = data});
        }
        journal_->append(from, call, std::move(done));
      });
    });
  }

  // Every record of the shard that may be read, oldest first.
  std::vector<std::pair<std::uint64_t, std::string>> read_all(std::uint32_t shard,
                                                              std::size_t records_max = 7) {
    std::vector<std::pair<std::uint64_t, std::string>> all;
    ReadRequest request{.shard = ShardNumber(shard), .from = Place(1), .records_max = records_max};
    for (;;) {
      auto got = sys::wait_for<ReadResult>(
          process_.runtime, [&](auto done) { journal_->read(nullptr, request, std::move(done)); });
      if (!got) process_.runtime.die("read: " + got.error().what);
      for (const ReadRecord& record : got->records) {
        all.emplace_back(record.place.raw(), record.data);
      }
      if (got->caught_up) return all;
      HYD_CHECK(got->next > request.from);
      request.from = got->next;
    }
  }

  void stop() {
    const auto stopped = sys::wait_for<void>(process_.runtime, [&](auto done) {
      journal_->stop([done = std::move(done)]() mutable { done({}); });
    });
    HYD_CHECK(stopped.has_value());
    loops_->stop();
    readers_->stop();
    journal_.reset();
  }

 private:
  sys::SimProcess& process_;
  std::unique_ptr<sys::Dir> dir_;
  std::unique_ptr<sys::DirLock> lock_;
  std::unique_ptr<FileLogCatalog> catalog_;
  std::unique_ptr<sys::Loops> loops_;
  std::unique_ptr<sys::Workers> readers_;
  std::unique_ptr<Journal> journal_;
};

}  // namespace hyd::log
