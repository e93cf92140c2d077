// What kind of file system holds a folder, and whether a synced write there survives power loss.
// A probe proves nothing (a tmpfs takes O_DIRECT and syncs at once): type and options decide.
#pragma once

#include "base/result.h"
#include "sys/file.h"

#include <string_view>

namespace hyd::sys {

base::Result<FileSystem> file_system_at(int folder);

// `mountinfo` is the text of /proc/self/mountinfo, `path` absolute. The type is empty when no mount
// holds the path. not_durable_because is filled in.
FileSystem find_mount(std::string_view mountinfo, std::string_view path);

}  // namespace hyd::sys
