// Reads a template's text, YAML or JSON, into nodes that know their places.
//
// YAML 1.1 as CloudFormation reads it: a date, an octal number or an account id stays text, yes and
// off are booleans, duplicate keys are refused, short tags become their long form. Beyond it,
// anchors, aliases and merge keys are accepted, since a file is read here as its author wrote it
// and the AWS CLI would have expanded them. JSON is read the same way: it is a subset.
//
// What is wrong is told in `problems`, as far as reading can go on behind it. A pure function, any
// thread. What one text can cost is bounded by the limits below, aliases included.
#pragma once

#include "stacks/node.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace hyd::stacks {

struct ReadLimits {
  std::size_t bytes_max = std::size_t{1} << 20;           // AWS: of a template in S3
  std::size_t depth_max = 100;                            // of lists and maps in each other
  std::size_t nodes_max = 200'000;                        // aliases count as what they stand for
  std::size_t expanded_bytes_max = std::size_t{8} << 20;  // of all scalars, aliases expanded
};

struct Read {
  Node root;  // meaningless when there are problems
  std::vector<Problem> problems;
};

Read read_text(std::string_view text, ReadLimits limits = {});

}  // namespace hyd::stacks
