// Invariants that only a bug of ours can break. Aborts in every build: starting up is recovery.
// Bytes from the network or the disk never reach a check; they get an Error.
#pragma once

namespace hyd::base {

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace hyd::base

#define HYD_CHECK(condition)                           \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::hyd::base::check_failed(#condition, __FILE__, __LINE__))
