// The manual's tables, printed from the rows that the engine itself reads.
#pragma once

#include <string>

namespace hyd::vtl {

// Markdown: every directive, function and method with what it does and an example, and every rule
// of the linter. docs/vtl-functions.md is this text, which a test holds it to.
std::string manual();

}  // namespace hyd::vtl
