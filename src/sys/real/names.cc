#include "sys/real/names.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace hyd::sys {

std::expected<std::vector<std::string>, int> read_names(DIR* stream) {
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  const int failed = errno;
  ::closedir(stream);
  if (failed != 0) return std::unexpected(failed);
  std::ranges::sort(names);
  return names;
}

}  // namespace hyd::sys
