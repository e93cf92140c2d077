// Files that a person names on the command line, which lie outside of the data directory.
#pragma once

#include "base/result.h"
#include "base/units.h"

#include <string>
#include <string_view>
#include <vector>

namespace hyd::sys {

// The whole file at once; blocks. Code::exhausted: it is larger than `max`.
base::Result<std::string> read_input(const std::string& path, base::ByteCount max);
// A file somewhere in a folder, which nothing leads out of: `path` is relative and has no "." or
// "..", and no part of it may be a symbolic link. Else as read_input.
base::Result<std::string> read_input_in(const std::string& folder, std::string_view path,
                                        base::ByteCount max);
// Names in a folder, sorted by bytes; nothing is made. Code::not_found: there is no such folder.
base::Result<std::vector<std::string>> list_input(const std::string& path);
// The whole file, made or replaced; neither atomic nor synced: a person's file, not the program's.
base::Result<void> write_output(const std::string& path, std::string_view bytes);

}  // namespace hyd::sys
