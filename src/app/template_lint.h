// What the linter says of a stack's mapping templates when it is brought up. Nothing is refused for
// it: a template that AWS takes is taken.
#pragma once

#include "app/stack_templates.h"

#include <string>
#include <vector>

namespace hyd::app {

// "FILE:LINE:COLUMN: warning: … [rule]", and behind them a line that says how to see more.
// Templates that cannot be parsed are left to those who compile them. Empty: there is nothing to
// say, or the file is wrong, which its deployment says.
std::vector<std::string> lint_stack(const StackText& stack);

}  // namespace hyd::app
