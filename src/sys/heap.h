// The memory that this process has freed and the allocator still keeps.
#pragma once

namespace hyd::sys {

// Gives it back to the machine; takes a few milliseconds, in which other threads may wait for
// memory: for idle times. Any thread that may block.
void give_back_freed_memory();

}  // namespace hyd::sys
