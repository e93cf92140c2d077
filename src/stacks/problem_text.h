// How problems of a template are printed for a person:
//
//   template.yaml:12:9: Resources/Post/Properties/HttpMethd: Encountered unsupported property ...
//     12 |         HttpMethd: POST
//        |         ^
#pragma once

#include "stacks/node.h"

#include <span>
#include <string>
#include <string_view>

namespace hyd::stacks {

// A problem without a place has neither line nor caret. `text` is the file's content.
struct ProblemSource {
  std::string_view file;
  std::string_view text;
};

std::string to_text(const Problem& problem, const ProblemSource& source);
// All of them, in the order of their places, with a newline behind each; those of one missing name
// together, at the first place that uses it.
std::string to_text(std::span<const Problem> problems, const ProblemSource& source);

}  // namespace hyd::stacks
