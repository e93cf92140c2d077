#include "gateway/tables.h"

#include "base/check.h"
#include "gateway/definition_json.h"

#include <chrono>
#include <utility>

namespace hyd::gateway {

using base::Result;
using catalog::Queryable;
using catalog::Statement;
using catalog::Transaction;

namespace {

// A snapshot's row is never changed, and goes with the last deployment that names it.
constexpr std::string_view kMigrations[] = {
    "CREATE TABLE rest_api ("
    "  id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, version TEXT NOT NULL,"
    "  endpoint_type TEXT NOT NULL, tags TEXT NOT NULL, created_ms INTEGER NOT NULL,"
    "  definition TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE snapshot (hash TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE deployment ("
    "  api TEXT NOT NULL, id TEXT NOT NULL, description TEXT NOT NULL,"
    "  created_ms INTEGER NOT NULL, snapshot TEXT NOT NULL, PRIMARY KEY (api, id)) WITHOUT ROWID;"
    "CREATE INDEX deployment_of_snapshot ON deployment (snapshot);"
    "CREATE TABLE stage ("
    "  api TEXT NOT NULL, name TEXT NOT NULL, pin TEXT NOT NULL, deployment TEXT NOT NULL,"
    "  description TEXT NOT NULL, variables TEXT NOT NULL, tags TEXT NOT NULL,"
    "  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,"
    "  PRIMARY KEY (api, name)) WITHOUT ROWID;",
};

base::WallTime time_of(std::int64_t ms) { return base::WallTime(std::chrono::milliseconds(ms)); }

Result<void> read_deployments(Queryable& from, Api& api) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT id, description, created_ms, snapshot FROM deployment"
                              " WHERE api = ?",
                              api.id));
  return for_rows(std::move(rows), [&](const Statement& row) {
    Deployment& deployment = api.deployments[std::string(row.text(0))];
    deployment = {.id = std::string(row.text(0)),
                  .description = std::string(row.text(1)),
                  .created = time_of(row.int64(2)),
                  .snapshot = std::string(row.text(3))};
  });
}

Result<void> read_stages(Queryable& from, Api& api) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT name, pin, deployment, description, variables, tags,"
                              " created_ms, updated_ms FROM stage WHERE api = ?",
                              api.id));
  return for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    Stage& stage = api.stages[std::string(row.text(0))];
    stage.name = row.text(0);
    stage.pin = row.text(1);
    stage.deployment_id = row.text(2);
    stage.description = row.text(3);
    ASSIGN_OR_RETURN(stage.variables, parse_text_map(row.text(4)));
    ASSIGN_OR_RETURN(stage.tags, parse_text_map(row.text(5)));
    stage.created = time_of(row.int64(6));
    stage.updated = time_of(row.int64(7));
    return {};
  });
}

Result<std::shared_ptr<const Definition>> read_snapshot(Queryable& from, std::string_view hash) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT definition FROM snapshot WHERE hash = ?", hash));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return base::fail(base::Code::corrupt, "a deployment without its definition");
  ASSIGN_OR_RETURN(Definition definition, parse_definition(rows.text(0)));
  return std::make_shared<const Definition>(std::move(definition));
}

// Leaves exactly what the stages use; what is missing comes from `known` or the catalog.
Result<void> complete_frozen(Queryable& from, Api& api, const Frozen& known) {
  Frozen used;
  for (const auto& [name, stage] : api.stages) {
    const auto deployment = api.deployments.find(stage.deployment_id);
    if (deployment == api.deployments.end()) {
      return base::fail(base::Code::corrupt, "a stage without its deployment");
    }
    const std::string& hash = deployment->second.snapshot;
    if (used.contains(hash)) continue;
    if (const auto there = known.find(hash); there != known.end()) {
      used.insert(*there);
    } else if (const auto made = api.frozen.find(hash); made != api.frozen.end()) {
      used.insert(*made);
    } else {
      ASSIGN_OR_RETURN(used[hash], read_snapshot(from, hash));
    }
  }
  api.frozen = std::move(used);
  return {};
}

Result<void> remove_deployment(Transaction& in, const Api& api, const Deployment& deployment) {
  RETURN_IF_ERROR(in.run("DELETE FROM deployment WHERE api = ? AND id = ?", api.id, deployment.id));
  RETURN_IF_ERROR(
      in.run("DELETE FROM snapshot WHERE hash = ?"
             " AND NOT EXISTS (SELECT 1 FROM deployment WHERE snapshot = snapshot.hash)",
             deployment.snapshot));
  return {};
}

Result<void> remove_api(Transaction& in, const Api& api) {
  RETURN_IF_ERROR(in.run("DELETE FROM stage WHERE api = ?", api.id));
  for (const auto& [id, deployment] : api.deployments) {
    RETURN_IF_ERROR(remove_deployment(in, api, deployment));
  }
  RETURN_IF_ERROR(in.run("DELETE FROM rest_api WHERE id = ?", api.id));
  return {};
}

Result<void> add_deployment(Transaction& in, const Api& api, const Deployment& deployment) {
  const auto frozen = api.frozen.find(deployment.snapshot);
  HYD_CHECK(frozen != api.frozen.end());  // Api::freeze has put it there
  RETURN_IF_ERROR(in.run("INSERT OR IGNORE INTO snapshot VALUES (?, ?)", deployment.snapshot,
                         definition_text(*frozen->second)));
  RETURN_IF_ERROR(in.run("INSERT INTO deployment VALUES (?, ?, ?, ?, ?)", api.id, deployment.id,
                         deployment.description, base::unix_ms(deployment.created),
                         deployment.snapshot));
  return {};
}

// Whether both have the same row in `rest_api`.
bool same_row(const Api& a, const Api& b) {
  return a.name == b.name && a.description == b.description && a.version == b.version &&
         a.endpoint_type == b.endpoint_type && a.tags == b.tags && a.created == b.created &&
         a.definition == b.definition;
}

Result<void> put_api(Transaction& in, const Api& api) {
  RETURN_IF_ERROR(in.run("INSERT OR REPLACE INTO rest_api VALUES (?, ?, ?, ?, ?, ?, ?, ?)", api.id,
                         api.name, api.description, api.version, api.endpoint_type,
                         text_map_text(api.tags), base::unix_ms(api.created),
                         definition_text(api.definition)));
  return {};
}

Result<void> put_stage(Transaction& in, const Api& api, const Stage& stage) {
  RETURN_IF_ERROR(in.run("INSERT OR REPLACE INTO stage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", api.id,
                         stage.name, stage.pin, stage.deployment_id, stage.description,
                         text_map_text(stage.variables), text_map_text(stage.tags),
                         base::unix_ms(stage.created), base::unix_ms(stage.updated)));
  return {};
}

}  // namespace

catalog::Schema gateway_schema() { return {.room = "gateway", .migrations = kMigrations}; }

Result<std::vector<std::string>> read_api_ids(Queryable& from) {
  std::vector<std::string> ids;
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT id FROM rest_api ORDER BY id"));
  RETURN_IF_ERROR(
      for_rows(std::move(rows), [&](const Statement& row) { ids.emplace_back(row.text(0)); }));
  return ids;
}

Result<std::optional<Api>> read_api(Queryable& from, std::string_view id, const Frozen& known) {
  Api api;
  {
    ASSIGN_OR_RETURN(Statement rows,
                     from.query("SELECT id, name, description, version, endpoint_type, tags,"
                                " created_ms, definition FROM rest_api WHERE id = ?",
                                id));
    ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return std::optional<Api>();
    api.id = rows.text(0);
    api.name = rows.text(1);
    api.description = rows.text(2);
    api.version = rows.text(3);
    api.endpoint_type = rows.text(4);
    ASSIGN_OR_RETURN(api.tags, parse_text_map(rows.text(5)));
    api.created = time_of(rows.int64(6));
    ASSIGN_OR_RETURN(api.definition, parse_definition(rows.text(7)));
  }
  RETURN_IF_ERROR(read_deployments(from, api));
  RETURN_IF_ERROR(read_stages(from, api));
  RETURN_IF_ERROR(complete_frozen(from, api, known));
  return std::optional<Api>(std::move(api));
}

Result<void> write_api(Transaction& in, const std::optional<Api>& before,
                       std::optional<Api>& after) {
  if (!after) {
    if (!before) return {};
    return remove_api(in, *before);
  }
  const Api fresh;
  const Api& old = before ? *before : fresh;
  if (!before || !same_row(*before, *after)) RETURN_IF_ERROR(put_api(in, *after));
  // What is new comes first: a snapshot that goes with its last deployment may be needed again.
  for (const auto& [id, deployment] : after->deployments) {
    if (!old.deployments.contains(id)) RETURN_IF_ERROR(add_deployment(in, *after, deployment));
  }
  for (const auto& [id, deployment] : old.deployments) {
    if (!after->deployments.contains(id)) {
      RETURN_IF_ERROR(remove_deployment(in, *after, deployment));
    }
  }
  for (const auto& [name, stage] : old.stages) {
    if (after->stages.contains(name)) continue;
    RETURN_IF_ERROR(in.run("DELETE FROM stage WHERE api = ? AND name = ?", after->id, name));
  }
  for (const auto& [name, stage] : after->stages) {
    const auto kept = old.stages.find(name);
    if (kept == old.stages.end() || kept->second != stage) {
      RETURN_IF_ERROR(put_stage(in, *after, stage));
    }
  }
  return complete_frozen(in, *after, {});
}

}  // namespace hyd::gateway
