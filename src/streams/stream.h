// Streams as values, and the picture of all of them that every loop has.
#pragma once

#include "base/clock.h"
#include "base/uid.h"
#include "log/log.h"
#include "streams/hash_key.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::streams {

struct Shard {
  log::ShardNumber number = {};  // in the log; never given out again
  std::uint32_t index = 0;       // within its stream, part of its id
  HashRange range = {};
  std::int64_t created_ms = 0;  // since 1970; its seconds are part of sequence numbers
  log::Place first = {};        // no record of the shard lies before it
  // Closed: no record of the shard lies behind this place, which need not be a record's. A shard
  // that was closed as it was made (a step of a longer change) ends before its first place.
  std::optional<log::Place> end = {};
  std::int64_t closed_ms = 0;  // by a reshard; 0: open, or closed with its stream
  // Indices of what it was made of; two for a merge. They stay when those have expired.
  std::optional<std::uint32_t> parent = {};
  std::optional<std::uint32_t> adjacent_parent = {};

  bool open() const { return !end; }
  bool never_had_records() const { return end && *end < first; }
  friend bool operator==(const Shard&, const Shard&) = default;
};

enum class Status : std::uint8_t {
  creating,
  deleting,
  active,
  gone,  // hidden from every operation; its records stay a source until deliveries have passed
  updating,
};

enum class Mode : std::uint8_t { provisioned, on_demand };

using Tags = std::map<std::string, std::string, std::less<>>;

// A registered consumer, of enhanced fan-out.
struct Consumer {
  enum class Status : std::uint8_t { creating, deleting, active };
  std::string name = {};
  std::string arn = {};  // with the second of its creation: made again it has another one
  std::int64_t created_ms = 0;
  Status status = Status::active;
  Tags tags = {};
  std::optional<std::string> policy = {};
  friend bool operator==(const Consumer&, const Consumer&) = default;
};

// What can be changed of a stream, apart from its shards.
struct Settings {
  Mode mode = Mode::provisioned;
  std::uint64_t record_bytes_max = 1u << 20;  // of data and partition key
  std::optional<std::int32_t> warm_mibps = {};
  std::int32_t retention_hours = 24;
  // What arrived earlier was let go by a shorter retention, and stays so when it grows again.
  std::int64_t gone_before_ms = 0;
  std::uint8_t metrics = 0;                // shard-level ones that are switched on, a bit each
  std::optional<std::string> key_id = {};  // of KMS; nothing: not encrypted
  std::optional<std::string> policy = {};
  Tags tags = {};
  std::map<std::string, Consumer, std::less<>> consumers = {};  // by name
  // No consumer that is gone was made in a later second.
  std::int64_t consumers_gone_s = 0;
  friend bool operator==(const Settings&, const Settings&) = default;
};

// One incarnation of a name.
struct Stream {
  base::Uid uid;
  std::string region = {};
  std::string name = {};
  std::string arn = {};
  Status status = Status::active;
  std::int64_t created_ms = 0;
  Settings settings = {};
  std::vector<Shard> shards = {};          // by index, closed ones too
  std::vector<std::uint32_t> routes = {};  // indices of those that are open, by their ranges
  bool sealed = false;  // shards are being closed: puts wait for the next picture

  // After `shards` has changed.
  void make_routes();
  // The shard that takes a record; the stream is not gone.
  const Shard& route(const HashKey& key) const;
  // Null when there is none of that index.
  const Shard* shard(std::uint32_t index) const;

  bool takes_records() const { return status == Status::active || status == Status::updating; }
  // What arrived before this is let go, whether it is still on the disk or not.
  std::int64_t horizon_ms(std::int64_t now_ms) const;
  // A closed shard of which retention has let everything go.
  bool expired(const Shard& shard, std::int64_t horizon_ms) const;
  // Since when it takes records: a child does since its parents were closed.
  std::int64_t opened_ms(const Shard& shard) const;
  // Of a closed shard; none when its stream was deleted.
  std::vector<const Shard*> children(const Shard& shard) const;

  friend bool operator==(const Stream&, const Stream&) = default;
};

using StreamPtr = std::shared_ptr<const Stream>;

// Immutable once published.
class Picture {
 public:
  // Null when the region has no stream of that name.
  const StreamPtr& find(std::string_view region, std::string_view name) const;
  // Those that are gone and still a source, too.
  const StreamPtr& find(const base::Uid& uid) const;
  const StreamPtr& find_arn(std::string_view arn) const;
  // Every stream that the ARN names or named, in the order in which they were made: those that are
  // gone and not forgotten, then the one that is there.
  std::vector<StreamPtr> every_of_arn(std::string_view arn) const;
  // Those that are gone and not forgotten, by ARN.
  using Gone = std::map<std::string, std::vector<StreamPtr>, std::less<>>;
  const Gone& gone() const { return gone_; }

  // By region and name, in the order of their bytes; without those that are gone.
  using Key = std::pair<std::string, std::string>;
  struct Less {
    using is_transparent = void;
    using View = std::pair<std::string_view, std::string_view>;
    static View view(const Key& key) { return {key.first, key.second}; }
    static View view(View key) { return key; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return view(a) < view(b);
    }
  };
  using Names = std::map<Key, StreamPtr, Less>;
  const Names& names() const { return names_; }
  // Every stream, gone ones included.
  const std::map<base::Uid, StreamPtr>& all() const { return all_; }
  // Open shards of every region.
  std::uint64_t shard_count() const;
  // Of one region and one mode: streams, and their open shards.
  struct Count {
    std::uint64_t streams = 0;
    std::uint64_t shards = 0;
  };
  Count count(std::string_view region, Mode mode) const;

  void put(StreamPtr stream);
  void remove(const base::Uid& uid);

 private:
  Names names_;
  std::map<base::Uid, StreamPtr> all_;
  Gone gone_;
};

}  // namespace hyd::streams
