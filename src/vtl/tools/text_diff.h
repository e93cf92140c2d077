// Two texts compared line by line, for people.
#pragma once

#include <string>
#include <string_view>

namespace hyd::vtl {

// Lines of `expected` alone begin with "- ", of `actual` alone with "+ ", of both with two blanks;
// long stretches of the latter are left out. A blank or a control character at the end of a line
// that differs is made visible, and so is a missing line end. Ends with a line end; empty when the
// texts are equal.
std::string text_diff(std::string_view expected, std::string_view actual);

}  // namespace hyd::vtl
