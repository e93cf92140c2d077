// Policy documents as texts: they are stored and shown byte for byte, and not evaluated yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::identity {

// Of a trust policy, counted as `policy_size` counts (quota ACLSizePerRole).
inline constexpr std::int64_t kTrustBytesMax = 2'048;

// What is wrong with it as far as its form goes, in IAM's words; nothing when it is one JSON object
// with a Version that exists, known members, none of them twice, and statements.
std::optional<std::string> policy_fault(std::string_view text);

// Characters that count against quotas: all but white space.
std::int64_t policy_size(std::string_view text);

}  // namespace hyd::identity
