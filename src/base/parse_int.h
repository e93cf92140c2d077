// Decimal numbers from text, whole and checked: "12" is 12; "", "+12", " 12", "12x" and overflow
// are nothing.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace hyd::base {

template <std::integral T>
std::optional<T> parse_int(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, 10);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace hyd::base
