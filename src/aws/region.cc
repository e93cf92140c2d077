#include "aws/region.h"

#include <algorithm>
#include <utility>

namespace hyd::aws {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The longer prefix first.
constexpr std::pair<std::string_view, std::string_view> kPartitions[] = {
    {"cn-", "aws-cn"},         {"us-gov-", "aws-us-gov"}, {"us-isob-", "aws-iso-b"},
    {"us-isof-", "aws-iso-f"}, {"eu-isoe-", "aws-iso-e"}, {"us-iso-", "aws-iso"},
    {"eusc-", "aws-eusc"},
};

}  // namespace

bool is_region(std::string_view text) {
  if (text.empty() || text.size() > 32 || text.front() == '-' || text.back() == '-') return false;
  return std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

std::string_view partition_of(std::string_view region) {
  for (const auto& [prefix, partition] : kPartitions) {
    if (region.starts_with(prefix)) return partition;
  }
  return "aws";
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, is_digit);
}

}  // namespace hyd::aws
