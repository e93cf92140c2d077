// How this room's state is kept in the catalog; docs/formats/delivery.md. Plain functions over a
// transaction or a reader. What the rows of the delivery journal promise is in journal.h.
#pragma once

#include "base/result.h"
#include "catalog/schema.h"
#include "catalog/statement.h"
#include "delivery/config.h"
#include "delivery/intent.h"
#include "log/log.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

// How far a delivery stream is with a shard. Every place up to `low` is stored or was never owed;
// every place up to `assigned` is, or is in an open intent. low <= assigned.
struct Mark {
  log::ShardNumber shard;
  std::uint64_t low = 0;
  std::uint64_t assigned = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

// The last ATTEMPT row of an intent.
struct Attempt {
  std::uint32_t number = 0;   // 0: there is no row
  std::int64_t first_ms = 0;  // when the first attempt was made
  bool begun = false;         // and not known to have ended
};

base::Result<std::vector<DeliveryStream>> read_streams(catalog::Queryable& from);
base::Result<std::optional<DeliveryId>> find_stream(catalog::Queryable& from, const StreamKey& key);
base::Result<bool> has_stream(catalog::Queryable& from, DeliveryId id);
// With its configuration and tags; the id is given out here.
base::Result<DeliveryId> add_stream(catalog::Transaction& in, const DeliveryStream& stream);
// It is deleting from now on, and takes nothing from `drain_to` on.
base::Result<void> begin_deletion(catalog::Transaction& in, DeliveryId id, std::uint64_t drain_to);
// Still deleting, and not drained in time. Nothing when it is not deleting.
base::Result<void> fail_deletion(catalog::Transaction& in, const StreamKey& key,
                                 std::string_view why);
// Everything of it: marks and intents too.
base::Result<void> remove_stream(catalog::Transaction& in, DeliveryId id);

base::Result<std::vector<Mark>> read_marks(catalog::Queryable& from, DeliveryId id);
// Leaves a mark that is there as it is.
base::Result<void> add_mark(catalog::Transaction& in, DeliveryId id, const Mark& mark);
// False: there is none, or records of the shard are in an open intent.
base::Result<bool> remove_mark(catalog::Transaction& in, DeliveryId id, log::ShardNumber shard);

// In order of creation.
base::Result<std::vector<Intent>> read_intents(catalog::Queryable& from, DeliveryId id);
base::Result<Attempt> read_attempt(catalog::Queryable& from, const base::Uid& batch);

// The INTENT frame: the intent, and `assigned` of its shards raised to its last places.
base::Result<void> add_intent(catalog::Transaction& in, const Intent& intent);
// The ATTEMPT frame; the one before is replaced. Nothing when the intent is not open.
base::Result<void> put_attempt(catalog::Transaction& in, const Intent& intent,
                               const Attempt& attempt);
// The COMMIT frame: the intent goes, and `low` of its shards rises as far as the intents that are
// still open let it. Nothing when the intent is not there: it is committed, or its delivery stream
// is gone.
using Lows = std::map<log::ShardNumber, std::uint64_t>;
base::Result<std::optional<Lows>> commit_intent(catalog::Transaction& in, const Intent& intent);

}  // namespace hyd::delivery
