// `hydrant vtl lint`: what of a template, or of all templates of a stack file, will bite.
#pragma once

#include "cli/command_line.h"
#include "cli/vtl_options.h"

namespace hyd::cli {

// Prints each finding on standard output; 0 when there is none, else 1.
int lint(const TemplateOptions& which, const Actions& actions);

}  // namespace hyd::cli
