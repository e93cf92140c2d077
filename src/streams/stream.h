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
  log::ShardNumber number;  // in the log; never given out again
  std::uint32_t index = 0;  // within its stream, part of its id
  HashRange range;
  std::int64_t created_ms = 0;  // since 1970; its seconds are part of sequence numbers
  log::Place first;             // no record of the shard lies before it
  // Closed: no record of the shard lies behind this place, which need not be a record's.
  std::optional<log::Place> end = {};
  friend bool operator==(const Shard&, const Shard&) = default;
};

enum class Status : std::uint8_t {
  creating,
  deleting,
  active,
  gone,  // hidden from every operation; its records stay a source until deliveries have passed
};

enum class Mode : std::uint8_t { provisioned, on_demand };

using Tags = std::map<std::string, std::string, std::less<>>;

// One incarnation of a name.
struct Stream {
  base::Uid uid;
  std::string region = {};
  std::string name = {};
  std::string arn = {};
  Status status = Status::active;
  Mode mode = Mode::provisioned;
  std::int64_t created_ms = 0;
  std::uint64_t record_bytes_max = 1u << 20;  // of data and partition key
  std::optional<std::int32_t> warm_mibps = {};
  std::vector<Shard> shards = {};  // by index; ranges rise with it
  Tags tags = {};

  // The shard that takes a record; the stream has shards.
  const Shard& route(const HashKey& key) const;
  // Null when there is none of that index.
  const Shard* shard(std::uint32_t index) const;

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

  void put(StreamPtr stream);
  void remove(const base::Uid& uid);

 private:
  Names names_;
  std::map<base::Uid, StreamPtr> all_;
  Gone gone_;
};

}  // namespace hyd::streams
