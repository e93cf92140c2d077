// Typed access to SQL: parameters in, columns out.
//
//   ASSIGN_OR_RETURN(catalog::Statement rows,
//                    from.query("SELECT key, size FROM object WHERE bucket = ?", bucket));
//   RETURN_IF_ERROR(catalog::for_rows(std::move(rows), [&](const catalog::Statement& row) {
//     use(row.text(0), row.int64(1));
//   }));
//
// SQL texts are constants: each connection keeps what it has compiled, by text. Values enter only
// as parameters, never by building SQL.
#pragma once

#include "base/check.h"
#include "base/result.h"
#include "base/uid.h"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyd::catalog {

// One parameter; borrows the bytes of text and blobs for the length of the call.
class Bind {
 public:
  enum class Kind : std::uint8_t { null, integer, text, blob };

  Bind(std::nullptr_t) {}
  Bind(bool value) : kind_(Kind::integer), integer_(value ? 1 : 0) {}
  // SQLite's integers are signed 64-bit numbers: larger ones are a bug of the caller.
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Bind(T value) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(value)) {
    HYD_CHECK(std::in_range<std::int64_t>(value));
  }
  Bind(std::string_view text) : kind_(Kind::text), bytes_(text) {}
  Bind(const std::string& text) : Bind(std::string_view(text)) {}
  Bind(const char* text) : Bind(std::string_view(text)) {}
  Bind(const base::Uid& uid)
      : kind_(Kind::blob),
        bytes_(reinterpret_cast<const char*>(uid.bytes().data()), uid.bytes().size()) {}
  template <class T>
  Bind(const std::optional<T>& value) {
    if (value) *this = Bind(*value);
  }
  // Bytes compare as bytes; text does too in this database, but may only hold UTF-8.
  static Bind blob(std::string_view bytes) {
    Bind out(bytes);
    out.kind_ = Kind::blob;
    return out;
  }

  Kind kind() const { return kind_; }
  std::int64_t integer() const { return integer_; }
  std::string_view bytes() const { return bytes_; }

 private:
  Kind kind_ = Kind::null;
  std::int64_t integer_ = 0;
  std::string_view bytes_;
};

class Connection;
struct Compiled;

// A running query. Belongs to its connection's thread and dies before the connection does, and
// before the mutation or the snapshot that it runs in ends. Columns count from 0; those of one row
// are valid until the next `step`.
class Statement {
 public:
  Statement(Statement&& other) noexcept
      : connection_(other.connection_), compiled_(std::exchange(other.compiled_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // True: a row is there; false: there are no more.
  base::Result<bool> step();

  bool is_null(int column) const;
  std::int64_t int64(int column) const;
  std::uint64_t uint64(int column) const { return static_cast<std::uint64_t>(int64(column)); }
  bool boolean(int column) const { return int64(column) != 0; }
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  base::Uid uid(int column) const;  // no id when the column does not hold 16 bytes

 private:
  friend class Connection;
  Statement(Connection& connection, Compiled& compiled)
      : connection_(&connection), compiled_(&compiled) {}
  Connection* connection_;
  Compiled* compiled_;  // lent by the connection; null after a move
};

// Calls `each` with every row; it returns nothing, or a Result<void> whose error ends it.
template <class Each>
base::Result<void> for_rows(Statement rows, Each&& each) {
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return {};
    if constexpr (std::is_void_v<std::invoke_result_t<Each&, const Statement&>>) {
      each(rows);
    } else {
      RETURN_IF_ERROR(each(rows));
    }
  }
}

// What both a reader and a mutation can do. Functions that only read take this.
class Queryable {
 public:
  Queryable(const Queryable&) = delete;
  Queryable& operator=(const Queryable&) = delete;

  template <class... Args>
  base::Result<Statement> query(std::string_view sql, const Args&... args) {
    const std::array<Bind, sizeof...(Args)> binds{Bind(args)...};
    return query_bound(sql, binds);
  }

 protected:
  explicit Queryable(Connection& connection) : connection_(connection) {}
  ~Queryable() = default;
  base::Result<Statement> query_bound(std::string_view sql, std::span<const Bind> binds);

  Connection& connection_;  // outlives it
};

// The inside of one mutation. What it did is undone when the mutation returns an error.
class Transaction : public Queryable {
 public:
  explicit Transaction(Connection& connection) : Queryable(connection) {}

  // Runs one statement to its end; the number of rows that it changed.
  template <class... Args>
  base::Result<std::int64_t> run(std::string_view sql, const Args&... args) {
    const std::array<Bind, sizeof...(Args)> binds{Bind(args)...};
    return run_bound(sql, binds);
  }

 private:
  base::Result<std::int64_t> run_bound(std::string_view sql, std::span<const Bind> binds);
};

}  // namespace hyd::catalog
