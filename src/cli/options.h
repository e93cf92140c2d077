// What was asked for on the command line, checked as far as one can without looking at the machine.
#pragma once

#include "base/units.h"
#include "sys/journal_io.h"
#include "sys/transport.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::cli {

struct UpOptions {
  std::string data = "./hydrant-data";
  // A CloudFormation template to be brought up; nothing: what the directory holds is served.
  std::optional<std::string> stack_file;
  std::string stack_name;  // empty: after the file
  std::vector<std::pair<std::string, std::string>> parameters;
  sys::Endpoint listen_events{"127.0.0.1", 8080};
  sys::Endpoint listen_aws{"127.0.0.1", 4566};
  std::optional<std::size_t> threads;  // nothing: one for each usable CPU
  std::string region = "us-east-1";
  std::optional<std::string> account;  // 12 digits
  sys::Durability durability = sys::Durability::power;
  std::optional<base::ByteCount> journal_segment;  // nothing: the log's own choice
  std::optional<base::ByteCount> log_max;          // nothing: half of what is free
  std::optional<base::ByteCount> body_memory;      // nothing: after the machine's memory
  std::chrono::seconds lock_wait{60};
  std::optional<std::uint64_t> stream_shard_limit;  // nothing: as many as fit
  std::chrono::milliseconds stream_transition{0};
  bool quotas = false;  // AWS's, of each shard
};
// The largest legal request takes half of it.
inline constexpr base::ByteCount kBodyMemoryMin = base::mib(64);

struct LogVerifyOptions {
  std::string data = "./hydrant-data";
};

}  // namespace hyd::cli
