// What the program says on standard output when it serves: a line each, for people and for scripts
// that wait for `ready`.
#pragma once

#include "sys/thread.h"

namespace hyd::app {

class Server;

void announce(const Server& server);

// Blocks until somebody has released it.
void wait_for_it(sys::Semaphore& semaphore);

}  // namespace hyd::app
