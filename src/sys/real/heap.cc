#include "sys/heap.h"

#include <malloc.h>

namespace hyd::sys {

void give_back_freed_memory() { static_cast<void>(::malloc_trim(0)); }

}  // namespace hyd::sys
