// Where rooms that do not know each other meet: each class implements what one room asks for by
// what another has.
#pragma once

#include "delivery/ports.h"
#include "objects/store.h"
#include "streams/streams.h"

#include <memory>
#include <string_view>
#include <vector>

namespace hyd::app {

// The streams, as deliveries read them.
class StreamSources final : public delivery::Sources {
 public:
  explicit StreamSources(streams::Streams& streams) : streams_(streams) {}
  std::vector<delivery::Source> find(std::string_view stream_arn) const override;
  std::vector<delivery::Source> gone() const override;
  void forget(const base::Uid& stream) override { streams_.forget(stream); }

 private:
  streams::Streams& streams_;
};

// The built-in store, as deliveries fill it.
class BuiltInStore final : public delivery::ObjectStore {
 public:
  explicit BuiltInStore(objects::Store& store) : store_(store) {}
  base::Result<std::unique_ptr<Staged>> stage(const delivery::NewObject& object) override;
  base::Result<delivery::Receipt> commit(catalog::Transaction& in, Staged& staged) override;
  void discard(Staged& staged) override;
  base::Result<bool> has_bucket(std::string_view bucket) override;

 private:
  objects::Store& store_;
};

}  // namespace hyd::app
