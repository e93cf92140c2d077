// What this room asks of the streams and of the object store: interfaces declared here, joined to
// the other rooms by `app`, played by tests.
#pragma once

#include "base/result.h"
#include "base/uid.h"
#include "catalog/statement.h"
#include "log/log.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::delivery {

// A shard of a source. It has no record before `first`; once it is closed, none behind `last`.
struct SourceShard {
  log::ShardNumber number;
  std::uint32_t index = 0;  // within its stream
  log::Place first;
  std::optional<log::Place> last = std::nullopt;
};

// One life of a name: a stream that was deleted and made again is another source.
struct Source {
  base::Uid stream;  // tells it from its successor of the same ARN
  std::string arn;
  bool gone = false;                // deleted: every shard is closed
  std::vector<SourceShard> shards;  // closed ones too while they have records
};

// The streams, as their newest picture shows them. A shard is in the picture before the first of
// its records is acknowledged, and leaves it only by `forget`. So whoever looks late misses
// nothing, however often the stream was deleted and made again meanwhile.
//
// Any thread; nothing blocks for long.
class Sources {
 public:
  virtual ~Sources() = default;
  // Every stream that this ARN names or named, in the order in which they were made: all but the
  // last are gone, and the last may be. Empty when there is none.
  virtual std::vector<Source> find(std::string_view stream_arn) const = 0;
  // Of every ARN, those that are gone.
  virtual std::vector<Source> gone() const = 0;
  // No delivery needs anything of this stream, which is gone. It leaves the picture behind the
  // durable change, or stays and is shown again, also after a restart.
  virtual void forget(const base::Uid& stream) = 0;
};

// An object to be stored. Everything is lent for the length of the call.
struct NewObject {
  std::string_view bucket;
  std::string_view key;
  // Lower-case names: content-type, content-encoding, x-amz-meta-….
  std::span<const std::pair<std::string, std::string>> headers;
  std::span<const std::string_view> body;  // its pieces, in order
  // Who puts it: the batch's id. Putting again under the same token changes nothing.
  base::Uid token;
};

// What the store says of an object that it holds.
struct Receipt {
  std::string etag;  // without quotes
};

// The built-in store: an object is staged, and then there together with the COMMIT of its batch,
// in one transaction of the catalog.
class ObjectStore {
 public:
  // The store's own idea of an object whose bytes are durable and whose row is not there yet.
  // Destroyed without `commit` it may leave bytes that the store removes in its own time.
  class Staged {
   public:
    virtual ~Staged() = default;
  };
  virtual ~ObjectStore() = default;

  // Makes the bytes durable. Blocks: for workers, several at once. Code::exhausted: no space. The
  // bucket need not exist yet.
  virtual base::Result<std::unique_ptr<Staged>> stage(const NewObject& object) = 0;
  // Puts the row, on the catalog writer's thread, perhaps twice. Code::not_found: there is no such
  // bucket.
  virtual base::Result<Receipt> commit(catalog::Transaction& in, Staged& staged) = 0;
  // The bytes will not be committed. For workers.
  virtual void discard(Staged& staged) = 0;
  virtual base::Result<bool> has_bucket(std::string_view bucket) = 0;
};

}  // namespace hyd::delivery
