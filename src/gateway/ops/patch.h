// patchOperations, as Update operations take them: JSON Pointers with values that are always text.
#pragma once

#include "aws/fault.h"
#include "gateway/ops/operations.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

struct Patch {
  std::string op;                 // one of the six
  std::string text;               // the path as it was given
  std::vector<std::string> path;  // its steps: "/a~1b/c" is {"a/b", "c"}
  std::string value;              // empty when there is none
  bool is(std::string_view step) const { return path.size() == 1 && path[0] == step; }
};

// In order. `input` is what AWS's text of an unknown op begins with: "updateStageInput".
aws::Outcome<std::vector<Patch>> read_patches(
    const std::optional<std::vector<PatchOperation>>& given, std::string_view input);

// `Invalid patch path /x`
aws::Fault invalid_patch_path(const Patch& patch);
// A fault unless the operation is "replace".
aws::Outcome<void> only_replace(const Patch& patch);

}  // namespace hyd::gateway
