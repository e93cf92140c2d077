// Environment variables, for the few that exist beside flags and the config file.
#pragma once

#include <optional>
#include <string>

namespace hyd::sys {

// Nothing when the variable is not set; empty when it is set to nothing.
std::optional<std::string> environment(const std::string& name);

// Where this process stands, without an end in '/'; nothing when that folder is gone.
std::optional<std::string> current_folder();

}  // namespace hyd::sys
