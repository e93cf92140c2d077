// The mapping templates of a stack file, for the tools that try and check them without a server.
#pragma once

#include "base/result.h"
#include "cli/vtl_options.h"
#include "vtl/tools/method_templates.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::app {

// A stack file that has been read, as the one who deploys it sees it.
struct StackText {
  std::string_view file;  // for messages
  std::string_view text;
  std::map<std::string, std::string> parameters;
  std::string_view account;
  std::string_view region;
};

// Its methods in the order of their making, with every function of the file resolved: a Ref is the
// resource's own name where the file gives one, else its logical id. Code::invalid with all that is
// wrong with the file.
base::Result<std::vector<vtl::MethodTemplates>> stack_templates(const StackText& stack);

// The same for a file that a person names.
base::Result<std::vector<vtl::MethodTemplates>> read_stack_templates(const cli::StackFile& file);

}  // namespace hyd::app
