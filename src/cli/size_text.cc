#include "cli/size_text.h"

#include "base/parse_int.h"
#include "codec/letter_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace hyd::cli {
namespace {

struct Unit {
  std::string_view name;
  int shift;
};
constexpr Unit kUnits[] = {{"", 0},     {"b", 0},  {"k", 10},   {"kib", 10}, {"m", 20},
                           {"mib", 20}, {"g", 30}, {"gib", 30}, {"t", 40},   {"tib", 40}};

}  // namespace

base::Result<base::ByteCount> parse_size(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = base::parse_int<std::uint64_t>(text.substr(0, digits));
  const std::string unit = codec::to_lower_case(text.substr(digits));
  for (const Unit& known : kUnits) {
    if (!number || known.name != unit) continue;
    if (*number > (UINT64_MAX >> 1) >> known.shift) break;
    return base::ByteCount(*number << known.shift);
  }
  return base::fail(
      base::Code::invalid,
      fmt::format("'{}' is no size: a whole number and a unit such as MiB or GiB", text));
}

}  // namespace hyd::cli
