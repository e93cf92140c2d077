// Finds the template that a command is about: a file of its own, or one of a stack file's.
#pragma once

#include "base/result.h"
#include "cli/command_line.h"
#include "cli/vtl_options.h"
#include "vtl/tools/excerpt.h"
#include "vtl/tools/method_templates.h"

#include <string>
#include <string_view>
#include <vector>

namespace hyd::cli {

struct TemplateSource {
  std::string text;
  vtl::Origin origin;
};

// Whether the words choose among the templates of a stack file, or the file's name is that of one.
bool means_stack(const TemplateOptions& options);

// Code::invalid when the words fit none of the stack's templates, or several: says which there are.
base::Result<TemplateSource> find_template(const TemplateOptions& options, const Actions& actions);

// The methods of a stack file with those of their templates that the words fit; never empty.
base::Result<std::vector<vtl::MethodTemplates>> find_methods(const TemplateOptions& options,
                                                             const Actions& actions);

// "FILE:LINE:COLUMN: what" with the line underlined, for a template that cannot be parsed or
// failed.
std::string diagnosis(const TemplateSource& source, vtl::Place place, std::string_view what);

}  // namespace hyd::cli
