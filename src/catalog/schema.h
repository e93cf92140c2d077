// The tables of the rooms above, and how they change from version to version.
//
// A room's version is the number of its migrations that have run. Migrations are append-only: once
// released, one is never edited, and a new version is a new entry at the end.
#pragma once

#include "base/result.h"
#include "catalog/connection.h"
#include "sys/file.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hyd::catalog {

struct Schema {
  std::string_view room;  // a literal
  // SQL scripts; [n] leads from version n to n + 1. Usually a constexpr array of the room.
  std::span<const std::string_view> migrations;

  std::uint64_t version() const { return migrations.size(); }
};

// The copy that is taken before tables that hold something are changed.
inline constexpr std::string_view kBeforeMigration = "hydrant.db.before-migration";

// Brings every room's tables to its version in one transaction, and counts the start. When it
// returns success, everything that the database shows is durable: what a killed process had
// committed and not yet synced is synced with this commit.
//
// Code::unsupported: the database was written by a newer program (a newer version of a room, or a
// room that is not known here), or is somebody else's; nothing was changed. Internal to this room.
base::Result<void> prepare(Connection& connection, sys::Dir& dir,
                           const std::vector<Schema>& schemas);

}  // namespace hyd::catalog
