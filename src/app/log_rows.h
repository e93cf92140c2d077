// The log's few rows, kept in the catalog: joins the interface that the log declares to the
// functions that the catalog has for it.
//
// Called by the start and by the log's storage thread; each call blocks until what it did is
// durable.
#pragma once

#include "base/rng.h"
#include "catalog/catalog.h"
#include "log/ports.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace hyd::app {

// The highest place that a room's rows name.
using PlaceMax = base::Result<std::uint64_t> (*)(catalog::Queryable& from);

class LogRowsInCatalog final : public log::LogCatalog {
 public:
  struct Parts {
    catalog::Catalog& catalog;
    base::Rng& entropy;
    std::vector<PlaceMax> named_by;  // every room that names places
  };
  explicit LogRowsInCatalog(Parts parts) : parts_(std::move(parts)) {}

  base::Result<std::uint64_t> take_epoch() override;
  base::Result<log::LogRows> rows() override;
  base::Result<void> begin_epoch(const log::EpochRow& row) override;
  base::Result<void> forget_epochs(std::uint64_t epoch) override;
  base::Result<void> put_slot(const log::SlotRow& row) override;
  base::Result<void> free_segment(const log::FreedRow& freed, std::uint32_t slot) override;

 private:
  Parts parts_;
};

}  // namespace hyd::app
