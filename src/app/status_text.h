// What `hydrant status` prints: how this process is, in words.
#pragma once

#include "delivery/delivery.h"
#include "log/journal.h"
#include "streams/streams.h"
#include "sys/file.h"

#include <string>

namespace hyd::app {

struct StatusParts {
  sys::Dir& dir;
  const log::Journal& journal;
  const streams::Streams& streams;
  const delivery::Delivery& delivery;
};
// Blocks: for a worker. A line each thing, its kind first.
std::string status_text(const StatusParts& parts);

}  // namespace hyd::app
