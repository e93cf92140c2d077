#include "identity/tables.h"

#include "identity/policy_text.h"

#include <chrono>

namespace hyd::identity {

using base::Result;
using catalog::Queryable;
using catalog::Statement;
using catalog::Transaction;

namespace {

constexpr std::string_view kMigrations[] = {
    "CREATE TABLE account (id INTEGER PRIMARY KEY CHECK (id = 1), account TEXT NOT NULL);"
    "CREATE TABLE role ("
    "  key TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, role_id TEXT NOT NULL UNIQUE,"
    "  trust TEXT NOT NULL, description TEXT NOT NULL, boundary TEXT NOT NULL,"
    "  session_seconds_max INTEGER NOT NULL, created_ms INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE role_tag ("
    "  role TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,"
    "  value TEXT NOT NULL, PRIMARY KEY (role, position)) WITHOUT ROWID;"
    "CREATE TABLE role_policy ("
    "  role TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,"
    "  PRIMARY KEY (role, name)) WITHOUT ROWID;"
    "CREATE TABLE role_attachment ("
    "  role TEXT NOT NULL, arn TEXT NOT NULL,"
    "  PRIMARY KEY (role, arn)) WITHOUT ROWID;",
};

// The only number of the only row.
Result<std::int64_t> number(Statement rows) {
  ASSIGN_OR_RETURN(const bool row, rows.step());
  return row ? rows.int64(0) : 0;
}

Role role_of(const Statement& row) {
  return {.name = std::string(row.text(1)),
          .path = std::string(row.text(2)),
          .id = std::string(row.text(3)),
          .trust = std::string(row.text(4)),
          .description = std::string(row.text(5)),
          .permissions_boundary = std::string(row.text(6)),
          .session_seconds_max = row.int64(7),
          .created = base::WallTime(std::chrono::milliseconds(row.int64(8)))};
}

}  // namespace

catalog::Schema identity_schema() { return {.room = "identity", .migrations = kMigrations}; }

Result<std::optional<std::string>> read_account(Queryable& from) {
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT account FROM account"));
  ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return std::optional<std::string>();
  return std::optional<std::string>(rows.text(0));
}

Result<void> keep_account(Transaction& in, std::string_view account) {
  ASSIGN_OR_RETURN(const std::optional<std::string> kept, read_account(in));
  if (kept && *kept != account) {
    return base::fail(base::Code::conflict, "the database is account " + *kept + "'s");
  }
  if (kept) return {};
  ASSIGN_OR_RETURN(std::int64_t changed,
                   in.run("INSERT INTO account (id, account) VALUES (1, ?)", account));
  static_cast<void>(changed);
  return {};
}

Result<Roles> read_roles(Queryable& from) {
  Roles roles;
  ASSIGN_OR_RETURN(Statement all,
                   from.query("SELECT key, name, path, role_id, trust, description, boundary,"
                              " session_seconds_max, created_ms FROM role"));
  RETURN_IF_ERROR(for_rows(
      std::move(all), [&](const Statement& row) { roles.emplace(row.text(0), role_of(row)); }));
  ASSIGN_OR_RETURN(Statement tags,
                   from.query("SELECT role, name, value FROM role_tag ORDER BY role, position"));
  RETURN_IF_ERROR(for_rows(std::move(tags), [&](const Statement& row) {
    roles[std::string(row.text(0))].tags.emplace_back(row.text(1), row.text(2));
  }));
  ASSIGN_OR_RETURN(Statement policies, from.query("SELECT role, name, text FROM role_policy"));
  RETURN_IF_ERROR(for_rows(std::move(policies), [&](const Statement& row) {
    roles[std::string(row.text(0))].policies.emplace(row.text(1), row.text(2));
  }));
  ASSIGN_OR_RETURN(Statement attachments, from.query("SELECT role, arn FROM role_attachment"));
  RETURN_IF_ERROR(for_rows(std::move(attachments), [&](const Statement& row) {
    roles[std::string(row.text(0))].attached.emplace(row.text(1));
  }));
  return roles;
}

Result<bool> has_role(Queryable& from, std::string_view key) {
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT 1 FROM role WHERE key = ?", key));
  return rows.step();
}

Result<void> add_role(Transaction& in, const Role& role) {
  const std::string key = role_key(role.name);
  RETURN_IF_ERROR(in.run("INSERT INTO role VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", key, role.name,
                         role.path, role.id, role.trust, role.description,
                         role.permissions_boundary, role.session_seconds_max,
                         base::unix_ms(role.created)));
  std::int64_t position = 0;
  for (const auto& [name, value] : role.tags) {
    RETURN_IF_ERROR(
        in.run("INSERT INTO role_tag VALUES (?, ?, ?, ?)", key, position++, name, value));
  }
  return {};
}

Result<void> remove_role(Transaction& in, std::string_view key) {
  RETURN_IF_ERROR(in.run("DELETE FROM role_tag WHERE role = ?", key));
  RETURN_IF_ERROR(in.run("DELETE FROM role WHERE key = ?", key));
  return {};
}

Result<void> put_trust(Transaction& in, std::string_view key, std::string_view trust) {
  RETURN_IF_ERROR(in.run("UPDATE role SET trust = ? WHERE key = ?", trust, key));
  return {};
}

Result<void> put_policy(Transaction& in, const RolePolicy& policy, std::string_view text) {
  RETURN_IF_ERROR(in.run("INSERT OR REPLACE INTO role_policy VALUES (?, ?, ?)", policy.role_key,
                         policy.name, text));
  return {};
}

Result<bool> remove_policy(Transaction& in, const RolePolicy& policy) {
  ASSIGN_OR_RETURN(
      const std::int64_t removed,
      in.run("DELETE FROM role_policy WHERE role = ? AND name = ?", policy.role_key, policy.name));
  return removed > 0;
}

Result<std::int64_t> policy_bytes_beside(Queryable& from, const RolePolicy& policy) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT text FROM role_policy WHERE role = ? AND name <> ?",
                              policy.role_key, policy.name));
  std::int64_t bytes = 0;
  RETURN_IF_ERROR(
      for_rows(std::move(rows), [&](const Statement& row) { bytes += policy_size(row.text(0)); }));
  return bytes;
}

Result<bool> has_policies(Queryable& from, std::string_view key) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT 1 FROM role_policy WHERE role = ? LIMIT 1", key));
  return rows.step();
}

Result<void> attach(Transaction& in, const Attachment& attachment) {
  RETURN_IF_ERROR(in.run("INSERT OR IGNORE INTO role_attachment VALUES (?, ?)", attachment.role_key,
                         attachment.arn));
  return {};
}

Result<bool> detach(Transaction& in, const Attachment& attachment) {
  ASSIGN_OR_RETURN(const std::int64_t removed,
                   in.run("DELETE FROM role_attachment WHERE role = ? AND arn = ?",
                          attachment.role_key, attachment.arn));
  return removed > 0;
}

Result<std::int64_t> count_attachments(Queryable& from, std::string_view key) {
  ASSIGN_OR_RETURN(Statement rows,
                   from.query("SELECT count(*) FROM role_attachment WHERE role = ?", key));
  return number(std::move(rows));
}

}  // namespace hyd::identity
