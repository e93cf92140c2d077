// Reads a delivery stream's source a slice at a time, and closes its buffer into intents.
//
// A buffer closes when it has reached its size, when a record is read that arrived an interval
// after its first one, or, at the durable mark, when the log's clock has passed that instant. So a
// reader that catches up makes the objects that it would have made live. All shards fill one buffer
// in the order of their places.
//
// Used by one worker at a time; the engine sees to that.
#pragma once

#include "base/result.h"
#include "delivery/buffer.h"
#include "delivery/config.h"
#include "delivery/journal.h"
#include "delivery/merge.h"
#include "delivery/ports.h"
#include "log/log.h"
#include "sys/runtime.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hyd::delivery {

// Where reading begins in each shard of the sources that has something behind `start`.
std::vector<Mark> marks_of(const std::vector<Source>& sources, std::uint64_t start);

class Reader {
 public:
  struct Parts {
    sys::Runtime& runtime;
    log::Log& log;
    const Sources& sources;
    DeliveryJournal& journal;
  };
  // What is fixed for its life: the stream's id, source and start, and its plan.
  struct Of {
    DeliveryId id;
    std::string source_arn;
    std::uint64_t start = 0;
    Plan plan;
  };
  // Goes on behind `assigned` of each mark, and tells the log to hold what is behind `low`.
  Reader(Parts parts, Of of, const std::vector<Mark>& marks);

  struct Limits {
    std::uint64_t bytes_max = 0;
    std::size_t intents_max = 0;  // that may be opened now
    std::uint64_t drain_to = 0;   // deleting: read no further, and close at once; 0: not deleting
    std::int64_t now_ms = 0;      // of the log
    std::function<bool()> stopping;
    // Told of each intent when it is durable.
    std::function<void(const Intent&)> opened;
  };
  struct Slice {
    bool caught_up = false;  // everything below `read_to` has been read
    std::uint64_t read_to = 0;
    bool full = false;  // a buffer waits for room among the open intents
  };
  // An error leaves the reader where it was, or behind the last record that it took.
  base::Result<Slice> slice(const Limits& limits);
  // Marks and holds shards that are new, and reads nothing.
  base::Result<void> look_at_source();

  const Buffer& buffer() const { return buffer_; }
  // Closed shards that have been read to their end, by number: what is still owed of them is in the
  // buffer or in an open intent.
  std::vector<log::ShardNumber> passed() const;
  const Plan& plan() const { return of_.plan; }
  DeliveryId id() const { return of_.id; }

 private:
  struct Shard {
    std::uint64_t cursor = 0;                          // the next place
    std::optional<std::uint64_t> last = std::nullopt;  // of a closed shard
    bool listed = false;                               // by the picture of the streams
    bool exhausted = false;                            // unlisted, and read to its end
    bool kept = false;                                 // its mark could not be retired
  };

  base::Result<void> adopt(const std::vector<Source>& sources);
  std::vector<Stretch> stretches(std::uint64_t end) const;
  base::Result<Slice> read(Merge& merge, const Limits& limits, std::size_t& room);
  // False: there is no room, and nothing was changed.
  base::Result<bool> close(const Limits& limits, std::size_t& room);
  void caught_up(std::uint64_t end, bool capped);
  base::Result<void> retire();

  const Parts parts_;
  const Of of_;
  std::map<log::ShardNumber, Shard> shards_;
  Buffer buffer_;
};

}  // namespace hyd::delivery
