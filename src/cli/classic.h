// `hydrant vtl render --mode classic`: a template by Velocity's own rules.
#pragma once

#include "cli/template_source.h"
#include "cli/vtl_options.h"

namespace hyd::cli {

// Prints the output, with a line end behind it unless `raw`, and returns 0; or the diagnosis on
// standard error and 1.
int render_classic(const TemplateSource& source, const ClassicOptions& options, bool raw);

}  // namespace hyd::cli
