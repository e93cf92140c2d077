// The words behind `hydrant`: which command, with what, and who does it.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "cli/vtl_options.h"
#include "vtl/tools/method_templates.h"

#include <functional>
#include <string>
#include <vector>

namespace hyd::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// Commands that are done by the room above.
struct Actions {
  std::function<int(const UpOptions&)> up;
  // The methods that a stack file declares, in its order; what is wrong with the file is the error.
  std::function<base::Result<std::vector<vtl::MethodTemplates>>(const StackFile&)> templates = {};
};

// `words` are without the program's name. The result is the exit status; what is wrong is one
// sentence on standard error.
int run(std::vector<std::string> words, const Actions& actions);

}  // namespace hyd::cli
