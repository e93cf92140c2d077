// The names in a folder.
#pragma once

#include <dirent.h>
#include <expected>
#include <string>
#include <vector>

namespace hyd::sys {

// In order, without "." and ".."; errno where reading failed. Closes the stream.
std::expected<std::vector<std::string>, int> read_names(DIR* stream);

}  // namespace hyd::sys
