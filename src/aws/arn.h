// Amazon resource names: "arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hyd::aws {

struct Arn {
  std::string partition = "aws";
  std::string service = {};   // "kinesis"
  std::string region = {};    // empty for global services
  std::string account = {};   // empty for S3
  std::string resource = {};  // "stream/clicks"; may hold further colons

  // Only the six parts and non-empty partition, service and resource are asked for; what region,
  // account and resource must look like is for the service that owns the name.
  static std::optional<Arn> parse(std::string_view text);
  std::string text() const;
  friend bool operator==(const Arn&, const Arn&) = default;
};

struct ArnParts {
  std::string_view service;
  std::string_view region;  // chooses the partition
  std::string_view account;
  std::string_view resource;
};
// The text of an ARN of ours: make_arn({.service = "kinesis", .region = …}).
std::string make_arn(const ArnParts& parts);

}  // namespace hyd::aws
