#include "catalog/connection.h"

#include "base/check.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <array>
#include <cstring>
#include <utility>

namespace hyd::catalog {

using base::Code;
using base::Error;
using base::Result;

namespace {

// How many steps of SQLite's machine pass between two looks at the clock: about 0.1 ms.
constexpr int kStepsPerLook = 4000;

Code code_of(int primary) {
  switch (primary) {
    case SQLITE_FULL: return Code::exhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Code::corrupt;
    case SQLITE_CONSTRAINT: return Code::conflict;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return Code::unavailable;
    case SQLITE_INTERRUPT: return Code::timed_out;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return Code::denied;
    case SQLITE_ERROR:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return Code::invalid;
    default: return Code::io;
  }
}

int bind_one(sqlite3_stmt* statement, int index, const Bind& value, sqlite3_destructor_type keep) {
  const std::string_view bytes = value.bytes();
  switch (value.kind()) {
    case Bind::Kind::null: return sqlite3_bind_null(statement, index);
    case Bind::Kind::integer: return sqlite3_bind_int64(statement, index, value.integer());
    // A null pointer would bind NULL, and an empty view may hold one.
    case Bind::Kind::text:
      return sqlite3_bind_text64(statement, index, bytes.empty() ? "" : bytes.data(), bytes.size(),
                                 keep, SQLITE_UTF8);
    case Bind::Kind::blob:
      return bytes.empty()
                 ? sqlite3_bind_zeroblob(statement, index, 0)
                 : sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), keep);
  }
  return SQLITE_MISUSE;
}

}  // namespace

Compiled::~Compiled() { sqlite3_finalize(statement); }

Statement::~Statement() {
  if (compiled_ != nullptr) connection_->give_back(*compiled_);
}

Result<bool> Statement::step() {
  HYD_CHECK(compiled_ != nullptr);
  const int code = sqlite3_step(compiled_->statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_->error(code, sqlite3_sql(compiled_->statement));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(compiled_->statement, column) == SQLITE_NULL;
}

std::int64_t Statement::int64(int column) const {
  return sqlite3_column_int64(compiled_->statement, column);
}

std::string_view Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(compiled_->statement, column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(compiled_->statement, column))};
}

std::string_view Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(compiled_->statement, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(compiled_->statement, column))};
}

base::Uid Statement::uid(int column) const {
  std::array<std::uint8_t, 16> out{};
  const std::string_view bytes = blob(column);
  if (bytes.size() == out.size()) std::memcpy(out.data(), bytes.data(), out.size());
  return base::Uid(out);
}

Result<Statement> Queryable::query_bound(std::string_view sql, std::span<const Bind> binds) {
  return connection_.statement(sql, binds, Connection::Lifetime::call);
}

Result<std::int64_t> Transaction::run_bound(std::string_view sql, std::span<const Bind> binds) {
  ASSIGN_OR_RETURN(Statement statement,
                   connection_.statement(sql, binds, Connection::Lifetime::statement));
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, statement.step());
  }
  return connection_.rows_changed();
}

Result<std::unique_ptr<Connection>> Connection::open(Vfs& vfs, base::Clock& clock,
                                                     const Options& options) {
  const int access = options.access == Access::read_only
                         ? SQLITE_OPEN_READONLY
                         : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* db = nullptr;
  const int code =
      sqlite3_open_v2(std::string(options.file).c_str(), &db,
                      access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs.name());
  HYD_CHECK(db != nullptr);  // out of memory
  auto connection = std::make_unique<Connection>(Badge{}, db, vfs, clock);
  if (code != SQLITE_OK) return connection->error(code, "open");
  RETURN_IF_ERROR(connection->configure(options));
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, compiled] : compiled_) HYD_CHECK(!compiled->lent);
  compiled_.clear();
  HYD_CHECK(sqlite3_close(db_) == SQLITE_OK);
}

Result<void> Connection::configure(const Options& options) {
  const bool writes = options.access == Access::read_write;
  // Only the writer checkpoints, and never because somebody closes.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_wal_hook(
      db_,
      [](void* self, sqlite3*, const char*, int frames) {
        static_cast<Connection*>(self)->wal_bytes_ =
            kWalHeaderBytes + static_cast<std::uint64_t>(frames) * kWalFrameBytes;
        return SQLITE_OK;
      },
      this);

  RETURN_IF_ERROR(
      script(fmt::format("PRAGMA temp_store=MEMORY;"
                         "PRAGMA mmap_size=0;"
                         "PRAGMA cache_size=-{};"
                         "PRAGMA foreign_keys=OFF;"
                         "PRAGMA secure_delete=OFF;",
                         options.cache.bytes() / 1024)));
  if (!writes) return script("PRAGMA query_only=ON;");
  // Of a new database only: an old one keeps its size.
  RETURN_IF_ERROR(script(fmt::format("PRAGMA page_size={};", kPageBytes)));
  ASSIGN_OR_RETURN(const std::string mode, text("PRAGMA journal_mode=WAL"));
  if (mode != "wal") return base::fail(Code::unsupported, "the database refuses WAL mode: " + mode);
  return script(
      "PRAGMA synchronous=FULL;"
      "PRAGMA journal_size_limit=-1;");
}

Result<std::unique_ptr<Compiled>> Connection::compile(std::string_view sql) {
  auto out = std::make_unique<Compiled>();
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &out->statement, nullptr);
  if (code != SQLITE_OK) return error(code, sql);
  return out;
}

Result<Statement> Connection::statement(std::string_view sql, std::span<const Bind> binds,
                                        Lifetime lifetime) {
  Compiled* use = nullptr;
  if (const auto known = compiled_.find(sql); known != compiled_.end() && !known->second->lent) {
    use = known->second.get();
  } else {
    ASSIGN_OR_RETURN(std::unique_ptr<Compiled> fresh, compile(sql));
    if (known == compiled_.end() && compiled_.size() < kCompiledMax) {
      use = compiled_.emplace(std::string(sql), std::move(fresh)).first->second.get();
    } else {
      fresh->kept = false;
      use = fresh.release();  // give_back destroys it
    }
  }
  use->lent = true;
  Statement out(*this, *use);
  HYD_CHECK(sqlite3_bind_parameter_count(use->statement) == static_cast<int>(binds.size()));
  const sqlite3_destructor_type keep =
      lifetime == Lifetime::statement ? SQLITE_STATIC : SQLITE_TRANSIENT;
  for (std::size_t i = 0; i < binds.size(); ++i) {
    const int code = bind_one(use->statement, static_cast<int>(i) + 1, binds[i], keep);
    if (code != SQLITE_OK) return error(code, sql);
  }
  return out;
}

void Connection::give_back(Compiled& compiled) {
  if (!compiled.kept) {
    const std::unique_ptr<Compiled> destroyed(&compiled);
    return;
  }
  sqlite3_reset(compiled.statement);  // tells again what the last step said
  sqlite3_clear_bindings(compiled.statement);
  compiled.lent = false;
}

Result<void> Connection::run(std::string_view sql) {
  ASSIGN_OR_RETURN(Statement running, statement(sql, {}, Lifetime::statement));
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, running.step());
  }
  return {};
}

Result<void> Connection::script(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code, "script");
  return {};
}

Result<std::int64_t> Connection::integer(std::string_view sql) {
  ASSIGN_OR_RETURN(Statement running, statement(sql, {}, Lifetime::statement));
  ASSIGN_OR_RETURN(const bool row, running.step());
  if (!row) return base::fail(Code::not_found, std::string(sql) + ": no row");
  return running.int64(0);
}

Result<std::string> Connection::text(std::string_view sql) {
  ASSIGN_OR_RETURN(Statement running, statement(sql, {}, Lifetime::statement));
  ASSIGN_OR_RETURN(const bool row, running.step());
  if (!row) return base::fail(Code::not_found, std::string(sql) + ": no row");
  return std::string(running.text(0));
}

std::int64_t Connection::rows_changed() const { return sqlite3_changes64(db_); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

Result<bool> Connection::checkpoint() {
  int frames = 0;
  int copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
  if (code != SQLITE_OK) return error(code, "checkpoint");
  return frames == copied;
}

void Connection::set_deadline(base::MonoTime deadline) {
  deadline_ = deadline;
  sqlite3_progress_handler(
      db_, deadline == base::MonoTime::never() ? 0 : kStepsPerLook,
      [](void* self) {
        const auto* connection = static_cast<Connection*>(self);
        return connection->clock_.mono() >= connection->deadline_ ? 1 : 0;
      },
      this);
}

Error Connection::error(int code, std::string_view doing) const {
  HYD_CHECK((code & 0xff) != SQLITE_NOMEM && (code & 0xff) != SQLITE_MISUSE);
  const Code meaning = code_of(code & 0xff);
  std::string what = fmt::format("{}: {}", doing, sqlite3_errmsg(db_));
  if (meaning == Code::io || meaning == Code::exhausted) {
    if (const std::string disk = vfs_.last_failure(); !disk.empty()) {
      what += fmt::format(" ({})", disk);
    }
  }
  return {meaning, std::move(what)};
}

}  // namespace hyd::catalog
