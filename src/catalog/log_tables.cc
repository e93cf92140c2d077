#include "catalog/log_tables.h"

#include "base/check.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace hyd::catalog {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view kMigrations[] = {
    "CREATE TABLE log ("
    "  id INTEGER PRIMARY KEY CHECK (id = 1), uid BLOB NOT NULL, last_epoch INTEGER NOT NULL);"
    "CREATE TABLE log_epoch ("
    "  epoch INTEGER PRIMARY KEY, first_commit INTEGER NOT NULL, first_place INTEGER NOT NULL);"
    "CREATE TABLE log_slot (slot INTEGER PRIMARY KEY, segment INTEGER NOT NULL);"
    "CREATE TABLE log_freed (first_commit INTEGER PRIMARY KEY, last_commit INTEGER NOT NULL);",
};

}  // namespace

Schema log_schema() { return {.room = "log", .migrations = kMigrations}; }

Result<LogState> read_log(Queryable& from) {
  LogState out;
  ASSIGN_OR_RETURN(Statement log, from.query("SELECT uid FROM log"));
  RETURN_IF_ERROR(for_rows(std::move(log), [&](const Statement& row) { out.uid = row.uid(0); }));
  ASSIGN_OR_RETURN(
      Statement epochs,
      from.query("SELECT epoch, first_commit, first_place FROM log_epoch ORDER BY epoch"));
  RETURN_IF_ERROR(for_rows(std::move(epochs), [&](const Statement& row) {
    out.epochs.push_back(
        {.epoch = row.uint64(0), .first_commit = row.uint64(1), .first_place = row.uint64(2)});
  }));
  ASSIGN_OR_RETURN(Statement slots, from.query("SELECT slot, segment FROM log_slot ORDER BY slot"));
  RETURN_IF_ERROR(for_rows(std::move(slots), [&](const Statement& row) {
    out.slots.push_back(
        {.slot = static_cast<std::uint32_t>(row.uint64(0)), .segment = row.uint64(1)});
  }));
  ASSIGN_OR_RETURN(
      Statement freed,
      from.query("SELECT first_commit, last_commit FROM log_freed ORDER BY first_commit"));
  RETURN_IF_ERROR(for_rows(std::move(freed), [&](const Statement& row) {
    out.freed.push_back({.first_commit = row.uint64(0), .last_commit = row.uint64(1)});
  }));
  return out;
}

Result<std::uint64_t> take_log_epoch(Transaction& in, const base::Uid& uid_if_new) {
  RETURN_IF_ERROR(in.run("INSERT OR IGNORE INTO log VALUES (1, ?, 0)", uid_if_new));
  RETURN_IF_ERROR(in.run("UPDATE log SET last_epoch = last_epoch + 1"));
  ASSIGN_OR_RETURN(Statement taken, in.query("SELECT last_epoch FROM log"));
  ASSIGN_OR_RETURN(const bool row, taken.step());
  HYD_CHECK(row);
  const std::uint64_t epoch = taken.uint64(0);
  RETURN_IF_ERROR(in.run("INSERT INTO log_epoch VALUES (?, 0, 0)", epoch));
  return epoch;
}

Result<void> begin_log_epoch(Transaction& in, const LogEpoch& epoch) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   in.run("UPDATE log_epoch SET first_commit = ?, first_place = ? WHERE epoch = ?",
                          epoch.first_commit, epoch.first_place, epoch.epoch));
  if (changed == 1) return {};
  return fail(Code::not_found, fmt::format("epoch {} was not taken", epoch.epoch));
}

Result<void> forget_log_epochs(Transaction& in, std::uint64_t epoch) {
  RETURN_IF_ERROR(in.run("DELETE FROM log_epoch WHERE epoch <= ?", epoch));
  return {};
}

Result<void> put_log_slot(Transaction& in, const LogSlot& slot) {
  RETURN_IF_ERROR(
      in.run("INSERT INTO log_slot VALUES (?, ?) "
             "ON CONFLICT (slot) DO UPDATE SET segment = excluded.segment",
             slot.slot, slot.segment));
  return {};
}

// Ranges that touch or overlap become one, so the table stays as small as the number of gaps.
Result<void> free_log_segment(Transaction& in, const LogFreed& freed, std::uint32_t slot) {
  HYD_CHECK(freed.first_commit >= 1 && freed.first_commit <= freed.last_commit);
  LogFreed whole = freed;
  constexpr std::string_view kTouching =
      "FROM log_freed WHERE first_commit <= ?1 + 1 AND last_commit >= ?2 - 1";
  ASSIGN_OR_RETURN(Statement touching,
                   in.query(std::string("SELECT first_commit, last_commit ").append(kTouching),
                            freed.last_commit, freed.first_commit));
  RETURN_IF_ERROR(for_rows(std::move(touching), [&](const Statement& row) {
    whole.first_commit = std::min(whole.first_commit, row.uint64(0));
    whole.last_commit = std::max(whole.last_commit, row.uint64(1));
  }));
  RETURN_IF_ERROR(
      in.run(std::string("DELETE ").append(kTouching), freed.last_commit, freed.first_commit));
  RETURN_IF_ERROR(
      in.run("INSERT INTO log_freed VALUES (?, ?)", whole.first_commit, whole.last_commit));
  RETURN_IF_ERROR(in.run("DELETE FROM log_slot WHERE slot = ?", slot));
  return {};
}

}  // namespace hyd::catalog
