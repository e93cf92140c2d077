// One SQLite connection and what it has compiled. Internal to this room.
//
// Used by one thread at a time (SQLITE_OPEN_NOMUTEX); it may be handed from the thread that opened
// it to the thread that uses it. All pragmas of the house are set here.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "catalog/statement.h"
#include "catalog/vfs.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace hyd::catalog {

inline constexpr std::uint64_t kPageBytes = 8192;
// Bytes of the WAL's header and of each frame's.
inline constexpr std::uint64_t kWalHeaderBytes = 32;
inline constexpr std::uint64_t kWalFrameBytes = 24 + kPageBytes;

struct Compiled {
  sqlite3_stmt* statement = nullptr;  // owned
  bool lent = false;
  bool kept = true;  // false: destroyed when given back
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled();
};

class Connection {
  struct Badge {  // keeps the constructor to `open`
    explicit Badge() = default;
  };

 public:
  enum class Access : std::uint8_t { read_only, read_write };
  struct Options {
    std::string_view file;
    Access access = Access::read_only;
    base::ByteCount cache = base::mib(2);
  };
  // `vfs` and `clock` outlive it. read_write makes the file when it is missing.
  static base::Result<std::unique_ptr<Connection>> open(Vfs& vfs, base::Clock& clock,
                                                        const Options& options);
  Connection(Badge, sqlite3* db, Vfs& vfs, base::Clock& clock)
      : db_(db), vfs_(vfs), clock_(clock) {}
  ~Connection();  // no Statement is left
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // How long bound text and blobs live: over the call alone (they are copied), or until the
  // statement is given back.
  enum class Lifetime : std::uint8_t { call, statement };
  base::Result<Statement> statement(std::string_view sql, std::span<const Bind> binds,
                                    Lifetime lifetime);
  // One constant statement without rows or parameters (BEGIN, COMMIT, …).
  base::Result<void> run(std::string_view sql);
  // A script of several statements; nothing of it is kept compiled.
  base::Result<void> script(const std::string& sql);
  // The first column of the first row.
  base::Result<std::int64_t> integer(std::string_view sql);
  base::Result<std::string> text(std::string_view sql);

  std::int64_t rows_changed() const;  // by the last statement
  bool in_transaction() const;
  // Bytes of the WAL in use, as the last commit of this connection left it.
  std::uint64_t wal_bytes() const { return wal_bytes_; }

  // Copies what readers allow from the WAL into the database. True: all of it.
  base::Result<bool> checkpoint();

  // Queries that are still running then end with Code::timed_out.
  void set_deadline(base::MonoTime deadline);

  // What SQLite's result `code` means to us.
  base::Error error(int code, std::string_view doing) const;

 private:
  friend class Statement;
  static constexpr std::size_t kCompiledMax = 256;  // texts kept; beyond it each use compiles

  base::Result<void> configure(const Options& options);
  base::Result<std::unique_ptr<Compiled>> compile(std::string_view sql);
  void give_back(Compiled& compiled);

  sqlite3* db_;  // owned
  Vfs& vfs_;
  base::Clock& clock_;
  std::uint64_t wal_bytes_ = 0;
  base::MonoTime deadline_ = base::MonoTime::never();
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::unique_ptr<Compiled>, TextHash, std::equal_to<>> compiled_;
};

}  // namespace hyd::catalog
