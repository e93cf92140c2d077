// The one error type below the edge, and how it travels. Nothing is thrown between rooms.
//
// Result derives from std::expected instead of naming it, because libstdc++ 12's expected is not
// [[nodiscard]] and a dropped status is how logs lose data.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyd::base {

// What the caller can do about it; no protocol's words.
enum class Code : std::uint8_t {
  invalid,      // the input is wrong; the same call never succeeds
  not_found,    // the thing named does not exist
  conflict,     // the thing exists, or its state forbids the call
  denied,       // the caller may not
  exhausted,    // a limit or the space is used up; refused before anything was changed
  unavailable,  // a peer or a part of ours does not answer now
  timed_out,    // no answer in time; the outcome is unknown
  corrupt,      // bytes of ours are not what was written
  io,           // the kernel reported an error
  unsupported,  // this build, kernel or file system cannot do it
  cancelled,    // we are stopping
};

std::string_view name(Code code);

// True when the same call may succeed later without anyone changing its input.
bool retryable(Code code);

struct Error {
  Code code = Code::io;
  std::string what;  // "while doing X: what Y said", grown from the inside out

  // Prefixes the message: error.within("open hydrant.db") reads "open hydrant.db: <what>".
  Error within(std::string_view context) &&;
};

template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
  // Lets `return std::unexpected(Error{...})` and `return error` both work.
  Result(Error error) : std::expected<T, Error>(std::unexpected(std::move(error))) {}
};

template <>
class [[nodiscard]] Result<void> : public std::expected<void, Error> {
 public:
  using std::expected<void, Error>::expected;
  Result(Error error) : std::expected<void, Error>(std::unexpected(std::move(error))) {}
};

// Builds an Error from a code and a message that is ready.
inline Error fail(Code code, std::string what) { return Error{code, std::move(what)}; }

}  // namespace hyd::base

#define HYD_CONCAT_INNER(a, b) a##b
#define HYD_CONCAT(a, b) HYD_CONCAT_INNER(a, b)

// Returns the error of `expr` from the enclosing function, or goes on.
#define RETURN_IF_ERROR(expr)                                \
  do {                                                       \
    if (auto hyd_status = (expr); !hyd_status) {             \
      return std::unexpected(std::move(hyd_status).error()); \
    }                                                        \
  } while (false)

// ASSIGN_OR_RETURN(auto x, expr): x is the value, or the enclosing function returns the error.
#define ASSIGN_OR_RETURN(target, expr)                                            \
  auto HYD_CONCAT(hyd_result_, __LINE__) = (expr);                                \
  if (!HYD_CONCAT(hyd_result_, __LINE__)) {                                       \
    return std::unexpected(std::move(HYD_CONCAT(hyd_result_, __LINE__)).error()); \
  }                                                                               \
  target = *std::move(HYD_CONCAT(hyd_result_, __LINE__))
