// A log in memory for tests: records appear when the test puts them, places may be made unreadable.
// Everything is durable at once. Any thread; answers come before the call returns.
#pragma once

#include "base/check.h"
#include "base/mutex.h"
#include "log/log.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace hyd::delivery {

class MemoryLog final : public log::Log {
 public:
  explicit MemoryLog(std::int64_t now_ms = 1'800'000'000'000) : now_ms_(now_ms) {}

  // --- for the test
  std::uint64_t put(std::uint32_t shard, std::string data) {
    const base::Lock lock(mutex_);
    shards_[shard].emplace(next_, Record{.arrival_ms = now_ms_, .data = std::move(data)});
    return next_++;
  }
  void pass_ms(std::int64_t ms) {
    const base::Lock lock(mutex_);
    now_ms_ += ms;
  }
  // Reads that would show it fail with Code::corrupt.
  void damage(std::uint64_t place) {
    const base::Lock lock(mutex_);
    damaged_ = place;
  }
  void lose(std::uint32_t shard, std::uint64_t place) {
    const base::Lock lock(mutex_);
    shards_[shard].erase(place);
  }
  std::uint64_t held(std::uint64_t holder, std::uint32_t shard) const {
    const base::Lock lock(mutex_);
    const auto found = holds_.find({holder, shard});
    return found == holds_.end() ? UINT64_MAX : found->second;
  }

  // --- Log
  void append(sys::Loop&, std::span<const log::NewRecord>,
              base::Done<log::Appended> done) override {
    done(base::fail(base::Code::unsupported, "use put"));
  }
  void read(sys::Loop* from, const log::ReadRequest& request,
            base::Done<log::ReadResult> done) override {
    HYD_CHECK(from == nullptr);
    done(read_now(request));
  }
  void find_by_time(sys::Loop*, log::ShardNumber, std::int64_t,
                    base::Done<log::Place> done) override {
    done(base::fail(base::Code::unsupported, "not played"));
  }
  log::Place end(log::Mark) const override {
    const base::Lock lock(mutex_);
    return log::Place(next_);
  }
  void open_shard(log::ShardNumber shard, log::ShardIdentity, base::Done<void> done) override {
    {
      const base::Lock lock(mutex_);
      shards_[shard.raw()];
    }
    done({});
  }
  void close_shard(log::ShardNumber, base::Done<log::Place> done) override { done(end({})); }
  void hold(log::HolderId holder, log::ShardNumber shard, log::Place low) override {
    const base::Lock lock(mutex_);
    holds_[{holder.raw(), shard.raw()}] = low.raw();
  }
  void drop_holder(log::HolderId holder) override {
    const base::Lock lock(mutex_);
    std::erase_if(holds_, [&](const auto& one) { return one.first.first == holder.raw(); });
  }
  void start_letting_go() override {}
  bool has_room() const override { return true; }
  std::int64_t now_ms() const override {
    const base::Lock lock(mutex_);
    return now_ms_;
  }

 private:
  struct Record {
    std::int64_t arrival_ms = 0;
    std::string data;
  };

  base::Result<log::ReadResult> read_now(const log::ReadRequest& request) const {
    const base::Lock lock(mutex_);
    const auto shard = shards_.find(request.shard.raw());
    if (shard == shards_.end()) return base::fail(base::Code::not_found, "no such shard");
    log::ReadResult result{.records = {}, .bytes = {}, .next = log::Place(next_)};
    std::uint64_t bytes = 0;
    for (auto at = shard->second.lower_bound(request.from.raw()); at != shard->second.end(); ++at) {
      const auto& [place, record] = *at;
      const bool more = bytes == 0 && result.records.empty();
      if (!more && (bytes + record.data.size() > request.bytes_max ||
                    result.records.size() >= request.records_max)) {
        result.next = log::Place(place);
        return result;
      }
      if (place == damaged_) {
        if (!result.records.empty()) {
          result.next = log::Place(place);
          return result;
        }
        return base::fail(base::Code::corrupt, "place " + std::to_string(place) + " is damaged");
      }
      bytes += record.data.size();
      result.bytes.push_back(sys::SharedBytes::copy_of(record.data));
      result.records.push_back({.place = log::Place(place),
                                .arrival_ms = record.arrival_ms,
                                .key = {},
                                .data = result.bytes.back().view()});
    }
    result.caught_up = true;
    return result;
  }

  mutable base::Mutex mutex_;
  std::map<std::uint32_t, std::map<std::uint64_t, Record>> shards_ HYD_GUARDED_BY(mutex_);
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint64_t> holds_ HYD_GUARDED_BY(mutex_);
  std::uint64_t next_ HYD_GUARDED_BY(mutex_) = 1;
  std::uint64_t damaged_ HYD_GUARDED_BY(mutex_) = 0;
  std::int64_t now_ms_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::delivery
