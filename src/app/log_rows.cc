#include "app/log_rows.h"

#include "base/uid.h"
#include "catalog/log_tables.h"

#include <algorithm>

namespace hyd::app {

using base::Result;
using catalog::Transaction;

Result<std::uint64_t> LogRowsInCatalog::take_epoch() {
  const base::Uid uid = base::Uid::random(parts_.entropy);
  std::uint64_t epoch = 0;
  RETURN_IF_ERROR(parts_.catalog.write_and_wait([&](Transaction& in) -> Result<void> {
    ASSIGN_OR_RETURN(epoch, catalog::take_log_epoch(in, uid));
    return {};
  }));
  return epoch;
}

Result<log::LogRows> LogRowsInCatalog::rows() {
  ASSIGN_OR_RETURN(const auto reader, parts_.catalog.reader());
  ASSIGN_OR_RETURN(const auto moment, reader->snapshot());
  ASSIGN_OR_RETURN(const catalog::LogState state, catalog::read_log(*reader));
  log::LogRows rows;
  rows.log_uid = state.uid;
  for (const auto& e : state.epochs)
    rows.epochs.push_back({e.epoch, e.first_commit, e.first_place});
  for (const auto& s : state.slots) rows.slots.push_back({s.slot, s.segment});
  for (const auto& f : state.freed) rows.freed.push_back({f.first_commit, f.last_commit});
  for (const PlaceMax named_by : parts_.named_by) {
    ASSIGN_OR_RETURN(const std::uint64_t place, named_by(*reader));
    rows.place_max = std::max(rows.place_max, place);
  }
  return rows;
}

Result<void> LogRowsInCatalog::begin_epoch(const log::EpochRow& row) {
  return parts_.catalog.write_and_wait([&](Transaction& in) {
    return catalog::begin_log_epoch(in, {row.epoch, row.first_commit, row.first_place});
  });
}

Result<void> LogRowsInCatalog::forget_epochs(std::uint64_t epoch) {
  return parts_.catalog.write_and_wait(
      [&](Transaction& in) { return catalog::forget_log_epochs(in, epoch); });
}

Result<void> LogRowsInCatalog::put_slot(const log::SlotRow& row) {
  return parts_.catalog.write_and_wait(
      [&](Transaction& in) { return catalog::put_log_slot(in, {row.slot, row.segment}); });
}

Result<void> LogRowsInCatalog::free_segment(const log::FreedRow& freed, std::uint32_t slot) {
  return parts_.catalog.write_and_wait([&](Transaction& in) {
    return catalog::free_log_segment(in, {freed.first_commit, freed.last_commit}, slot);
  });
}

}  // namespace hyd::app
