// What one front door counted. Written by its loop only.
#pragma once

#include "aws/auth_error.h"
#include "aws/route.h"
#include "base/result.h"
#include "telemetry/instruments.h"
#include "telemetry/registry.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws {

inline constexpr std::size_t kDoors = std::to_underlying(Door::s3) + 1;
inline constexpr std::size_t kAuthFailures =
    std::to_underlying(AuthFailure::Kind::chunk_differs) + 1;
inline constexpr std::size_t kCodes = std::to_underlying(base::Code::cancelled) + 1;

std::string_view name(Door door);

struct Probe {
  std::array<telemetry::LocalCounter, kDoors> requests;        // by Door
  std::array<telemetry::LocalCounter, kAuthFailures> refused;  // by AuthFailure::Kind
  telemetry::LocalCounter faults;                              // as AWS would give
  std::array<telemetry::LocalCounter, kCodes> failures;        // of our own, by Code
  telemetry::LocalCounter unanswered;                          // closed without an answer

  void count(Door door) { requests[std::to_underlying(door)].add(); }
  void count(AuthFailure::Kind kind) { refused[std::to_underlying(kind)].add(); }
  void count(const Fault& fault) {
    if (fault.unanswerable) unanswered.add();
    if (fault.ours) {
      failures[std::to_underlying(fault.code)].add();
    } else {
      faults.add();
    }
  }
};

// The registrations read the probe until they are destroyed.
[[nodiscard]] std::vector<telemetry::Registration> name_in(telemetry::Registry& registry,
                                                           const Probe& probe);

}  // namespace hyd::aws
