// Regions are names that a caller chose: any well-formed one is accepted, none is special.
#pragma once

#include <string_view>

namespace hyd::aws {

// 1 to 32 of a-z, 0-9 and '-', no '-' at either end: it becomes part of ARNs and of keys on disk.
bool is_region(std::string_view text);

// "aws", "aws-cn" (cn-…), "aws-us-gov" (us-gov-…), "aws-iso", "aws-iso-b" … (us-iso-…, us-isob-…).
std::string_view partition_of(std::string_view region);

// 12 digits.
bool is_account(std::string_view text);

}  // namespace hyd::aws
