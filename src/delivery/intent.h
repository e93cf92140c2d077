// An INTENT: the durable decision to store certain records as one object of a certain key. What it
// says is fixed before the first byte leaves, and an object built again from it has the same
// records in the same order under the same key.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/rng.h"
#include "base/uid.h"
#include "log/log.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

// A delivery stream's number: given out by the catalog, never used again.
using DeliveryId = base::Named<std::uint64_t, struct DeliveryIdTag>;

// Every record of a shard from `first` to `last`. Places between them belong to other shards, so
// the count says whether any is missing.
struct Range {
  log::ShardNumber shard;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;  // of data
  friend bool operator==(const Range&, const Range&) = default;
};

struct Intent {
  base::Uid batch;  // of version 7; also in the key
  DeliveryId delivery;
  std::uint32_t version = 1;  // of the configuration
  std::vector<Range> inputs;  // by shard number
  std::string key;
  std::int64_t created_ms = 0;
  std::int64_t oldest_ms = 0;  // arrival of the oldest record

  std::uint64_t records() const;
  std::uint64_t bytes() const;
  friend bool operator==(const Intent&, const Intent&) = default;
};

// docs/formats/delivery.md. `decode_ranges` gives Code::corrupt for anything that `encode_ranges`
// does not make.
std::string encode_ranges(const std::vector<Range>& ranges);
base::Result<std::vector<Range>> decode_ranges(std::string_view bytes);

// A UUID of version 7 (RFC 9562): 48 bits of milliseconds, the rest random.
base::Uid make_batch(std::int64_t now_ms, base::Rng& entropy);
// "0190a5c8-7d5e-7abc-8def-0123456789ab".
std::string uuid_text(const base::Uid& uid);

}  // namespace hyd::delivery
