#include "stacks/resource.h"

#include <algorithm>
#include <utility>

namespace hyd::stacks {
namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t kRandomSize = 12;

}  // namespace

std::string Names::random(std::size_t size, std::string_view alphabet) {
  std::string out;
  out.reserve(size);
  while (out.size() < size) out += alphabet[rng_.below(alphabet.size())];
  return out;
}

std::string Names::id(std::size_t size) { return random(size, kLower); }

std::string Names::name(const Of& of) {
  std::string stack(of.stack);
  std::string logical(of.logical_id);
  const std::size_t room = of.size_max - kRandomSize - 2;
  if (stack.size() + logical.size() > room) {
    const std::size_t half = room / 2;
    if (logical.size() <= half) {
      stack.resize(room - logical.size());
    } else if (stack.size() <= half) {
      logical.resize(room - stack.size());
    } else {
      stack.resize(room - half);
      logical.resize(half);
    }
  }
  std::string out = stack + "-" + logical + "-";
  if (of.lower_case) {
    std::ranges::transform(out, out.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  }
  return out + random(kRandomSize, of.lower_case ? kLower : kUpper);
}

}  // namespace hyd::stacks
