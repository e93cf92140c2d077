#include "gateway/ops/patch.h"

#include "gateway/faults.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::gateway {
namespace {

// RFC 6901: "~1" is "/", "~0" is "~".
std::string unescape(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1')) {
      out += step[++i] == '1' ? '/' : '~';
    } else {
      out += step[i];
    }
  }
  return out;
}

std::vector<std::string> steps_of(std::string_view pointer) {
  std::vector<std::string> steps;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    steps.push_back(unescape(pointer.substr(0, end)));
    pointer.remove_prefix(end);
  }
  return steps;
}

}  // namespace

aws::Outcome<std::vector<Patch>> read_patches(
    const std::optional<std::vector<PatchOperation>>& given, std::string_view input) {
  constexpr std::string_view kOps[] = {"add", "remove", "move", "test", "replace", "copy"};
  std::vector<Patch> patches;
  if (!given) return patches;
  for (const PatchOperation& one : *given) {
    if (std::ranges::find(kOps, one.op) == std::end(kOps)) {
      return outside_of_set(
          {.value = one.op,
           .at = fmt::format("{}.patchOperations.{}.member.op", input, patches.size() + 1),
           .set = "add, remove, move, test, replace, copy"});
    }
    patches.push_back({.op = one.op,
                       .text = one.path,
                       .path = steps_of(one.path),
                       .value = one.value.value_or("")});
  }
  return patches;
}

aws::Fault invalid_patch_path(const Patch& patch) {
  return bad_request("Invalid patch path " + patch.text);
}

aws::Outcome<void> only_replace(const Patch& patch) {
  if (patch.op == "replace") return {};
  return bad_request("Invalid patch operation specified. Must be one of: [replace]");
}

}  // namespace hyd::gateway
