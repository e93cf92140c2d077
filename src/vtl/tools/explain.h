// Which part of a template made which part of its output.
//
// The template is rendered with a mark before each of its statements. A mark is a byte that no text
// can hold, so that marks are told from output whatever the request says; they are not put into
// quoted texts and #define blocks, whose output a template may look at.
#pragma once

#include "vtl/render.h"
#include "vtl/tools/excerpt.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// A run of output that one statement has printed.
struct Printed {
  Range output;
  std::size_t source = 0;  // byte of the template
  std::string_view what;   // the reference's source; empty: plain text
  // Lines of the #set and #foreach through which its value has come, in this render.
  std::set<std::uint32_t> through;
};

struct Explained {
  std::string output;
  std::vector<Printed> parts;         // in the order of the output; none is empty
  std::set<std::uint32_t> unreached;  // lines whose statements this request has not reached
};

// `text` outlives the result. Fails as the render does.
std::expected<Explained, Failure> explain(std::string_view text, const Inputs& inputs,
                                          const Limits& limits = {});

}  // namespace hyd::vtl
