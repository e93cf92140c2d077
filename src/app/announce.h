// What the program says on standard output when it serves: a line each, for people and for scripts
// that wait for `ready`.
#pragma once

#include "sys/thread.h"
#include "sys/transport.h"

#include <string_view>

namespace hyd::app {

struct Announcement {
  std::string_view data;  // the data directory
  const sys::Endpoint& events;
  const sys::Endpoint& aws;
};
void announce(const Announcement& what);

// Blocks until somebody has released it.
void wait_for_it(sys::Semaphore& semaphore);

}  // namespace hyd::app
