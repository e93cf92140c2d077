// Mapping templates of a stack that do not parse. AWS accepts them, and so does a stack here: their
// first request is answered with 500. So a start says it beforehand, at their line of the file.
#pragma once

#include "gateway/request/compiled_stage.h"
#include "stacks/record.h"

#include <string>
#include <string_view>
#include <vector>

namespace hyd::app {

struct TemplateWarning {
  gateway::StageWarning same;  // as a stage that has the template says it, without the file's line
  std::string text;            // "FILE:LINE:COLUMN: ..."
};

struct WhereStacksAre {
  std::string_view account;
  std::string_view region;
};

// In the order of the file. Nothing of a stack whose text cannot be read any more.
std::vector<TemplateWarning> template_warnings(const stacks::Stack& stack,
                                               const WhereStacksAre& where);

}  // namespace hyd::app
