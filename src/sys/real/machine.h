// What this process may use of its machine: CPUs and memory under affinity and control groups
// (version 1 and 2, in and outside of containers).
#pragma once

#include "base/units.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace hyd::sys {

// The text of a small file by its path; nothing when it cannot be read. A parameter, so that tests
// describe machines.
using ReadText = std::function<std::optional<std::string>(const std::string& path)>;
std::optional<std::string> read_text(const std::string& path);

// The tightest CPU quota of this process's control groups, in whole CPUs, rounded up.
std::optional<unsigned> cgroup_cpus(const ReadText& read);
std::optional<base::ByteCount> cgroup_memory(const ReadText& read);

unsigned usable_cpus();
base::ByteCount usable_memory();

// The soft limit on open files becomes the hard one; a refusal changes nothing.
void raise_open_files_limit();

}  // namespace hyd::sys
