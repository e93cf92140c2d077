// `hydrant vtl test`: a folder of templates held against what is expected of them.
//
//   orders.vtl                       a template
//   orders/first.request.json        what it is given (vtl/sample_request.h)
//   orders/first.expect              its output, byte for byte; one line end at its end is free
//   orders/first.expect-error        instead: "LINE:COLUMN WHAT"
//   orders/first.expect-overrides    if it matters: what it leaves in $context, an object a line
#pragma once

#include "cli/command_line.h"
#include "cli/vtl_options.h"

namespace hyd::cli {

// A line for each case, a difference behind each that fails, and a count. 0 when all pass; 1 when
// one fails, has no expectation, or when there is nothing to test.
int test_templates(const TemplateTestOptions& options, const Actions& actions);

}  // namespace hyd::cli
