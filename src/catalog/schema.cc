#include "catalog/schema.h"

#include "base/check.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>

namespace hyd::catalog {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::int64_t kApplicationId = 0x48594452;  // "HYDR", in the file's header

// This room's own tables, under the same rule as everyone's.
constexpr std::string_view kOwnRoom = "catalog";
constexpr std::string_view kOwnMigrations[] = {
    "CREATE TABLE start (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);"
    "INSERT INTO start VALUES (1, 0);",
};

using Versions = std::map<std::string, std::uint64_t, std::less<>>;

Result<bool> is_empty(Connection& connection) {
  ASSIGN_OR_RETURN(const std::int64_t tables,
                   connection.integer("SELECT count(*) FROM sqlite_schema"));
  return tables == 0;
}

Result<Versions> versions_of(Connection& connection) {
  ASSIGN_OR_RETURN(const std::int64_t id, connection.integer("PRAGMA application_id"));
  if (id != kApplicationId) {
    return fail(Code::unsupported, "the file is a database of another program");
  }
  Versions out;
  ASSIGN_OR_RETURN(Statement rows, connection.statement("SELECT room, version FROM meta", {},
                                                        Connection::Lifetime::statement));
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return out;
    out.emplace(rows.text(0), rows.uint64(1));
  }
}

Result<void> refuse_newer(const Versions& found, const std::vector<Schema>& known) {
  for (const auto& [room, version] : found) {
    const auto schema = std::ranges::find(known, room, &Schema::room);
    if (schema == known.end()) {
      return fail(Code::unsupported,
                  fmt::format("a newer program wrote it: it has tables of '{}' (version {}), which "
                              "this program does not know",
                              room, version));
    }
    if (version > schema->version()) {
      return fail(Code::unsupported,
                  fmt::format("a newer program wrote it: its tables of '{}' have version {}, this "
                              "program knows version {}",
                              room, version, schema->version()));
    }
  }
  return {};
}

// A whole copy beside the database, durable before anything is changed.
Result<void> copy_database(Connection& connection, sys::Dir& dir) {
  ASSIGN_OR_RETURN(const bool stale, dir.exists(kBeforeMigration));
  if (stale) {
    RETURN_IF_ERROR(dir.remove(kBeforeMigration));
  }
  RETURN_IF_ERROR(connection.script(fmt::format("VACUUM INTO '{}'", kBeforeMigration)));
  ASSIGN_OR_RETURN(const auto copy, dir.open(kBeforeMigration, sys::Open::read_write));
  RETURN_IF_ERROR(copy->sync());
  return dir.sync_dir("");
}

Result<void> migrate(Connection& connection, const Versions& found,
                     const std::vector<Schema>& known) {
  for (const Schema& schema : known) {
    const auto at = found.find(schema.room);
    const std::uint64_t from = at == found.end() ? 0 : at->second;
    for (std::uint64_t version = from; version < schema.version(); ++version) {
      if (auto done = connection.script(std::string(schema.migrations[version])); !done) {
        return std::move(done).error().within(
            fmt::format("tables of '{}' to version {}", schema.room, version + 1));
      }
    }
    const Bind binds[] = {schema.room, schema.version()};
    ASSIGN_OR_RETURN(Statement set,
                     connection.statement("INSERT INTO meta (room, version) VALUES (?, ?) "
                                          "ON CONFLICT (room) DO UPDATE SET version = "
                                          "excluded.version",
                                          binds, Connection::Lifetime::statement));
    RETURN_IF_ERROR(set.step());
  }
  return connection.run("UPDATE start SET count = count + 1");
}

}  // namespace

Result<void> prepare(Connection& connection, sys::Dir& dir, const std::vector<Schema>& schemas) {
  std::vector<Schema> known{{.room = kOwnRoom, .migrations = kOwnMigrations}};
  for (const Schema& schema : schemas) {
    HYD_CHECK(std::ranges::find(known, schema.room, &Schema::room) == known.end());
    known.push_back(schema);
  }

  ASSIGN_OR_RETURN(const bool fresh, is_empty(connection));
  Versions found;
  if (!fresh) {
    ASSIGN_OR_RETURN(found, versions_of(connection));
    RETURN_IF_ERROR(refuse_newer(found, known));
    const bool changes = std::ranges::any_of(known, [&](const Schema& schema) {
      const auto at = found.find(schema.room);
      return at != found.end() && at->second < schema.version();
    });
    if (changes) RETURN_IF_ERROR(copy_database(connection, dir));
  }

  RETURN_IF_ERROR(connection.run("BEGIN IMMEDIATE"));
  Result<void> done;
  if (fresh) {
    done = connection.script(fmt::format(
        "PRAGMA application_id={};"
        "CREATE TABLE meta (room TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;",
        kApplicationId));
  }
  if (done) done = migrate(connection, found, known);
  if (done) done = connection.run("COMMIT");
  if (!done && connection.in_transaction()) {
    // The error that counts is the first one; a rollback that fails leaves the same state behind.
    static_cast<void>(connection.run("ROLLBACK"));
  }
  return done;
}

}  // namespace hyd::catalog
