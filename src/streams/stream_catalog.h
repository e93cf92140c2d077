// Streams as rows of the catalog (`tables.h`).
#pragma once

#include "catalog/catalog.h"
#include "streams/ports.h"

#include <array>
#include <vector>

namespace hyd::streams {

class StreamsInCatalog final : public StreamCatalog {
 public:
  // Opened with streams_schema(); outlives it.
  explicit StreamsInCatalog(catalog::Catalog& catalog) : catalog_(catalog) {}

  void create(NewStream stream, base::Done<StreamPtr> done) override;
  void begin_delete(const base::Uid& stream, base::Done<bool> done) override;
  void finish_delete(const base::Uid& stream, std::vector<ShardEnd> ends,
                     base::Done<void> done) override;
  void forget(const base::Uid& stream, base::Done<void> done) override;
  void change_tags(const base::Uid& stream, TagChange change, base::Done<TagOutcome> done) override;
  base::Result<std::vector<StreamPtr>> list() override;
  base::Result<std::array<char, codec::kSealKeyBytes>> seal_key(base::Rng& entropy) override;

 private:
  catalog::Catalog& catalog_;
};

}  // namespace hyd::streams
