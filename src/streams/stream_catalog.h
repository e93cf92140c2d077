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
  void put_settings(const base::Uid& stream, Settings settings, base::Done<bool> done) override;
  void put_pending(const base::Uid& stream, std::string what, base::Done<bool> done) override;
  void reshard(const base::Uid& stream, ShardChange change,
               base::Done<std::shared_ptr<const std::vector<Shard>>> done) override;
  void put_account(AccountSettings settings, base::Done<void> done) override;
  base::Result<std::vector<StreamPtr>> list() override;
  base::Result<std::map<base::Uid, std::string>> pending() override;
  base::Result<AccountSettings> account() override;
  base::Result<std::array<char, codec::kSealKeyBytes>> seal_key(base::Rng& entropy) override;

 private:
  catalog::Catalog& catalog_;
};

}  // namespace hyd::streams
