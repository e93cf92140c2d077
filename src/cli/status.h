// `hydrant status`: asks a running server how it is.
#pragma once

#include "sys/transport.h"

namespace hyd::cli {

// Prints what the server says of itself; the exit status.
int status(const sys::Endpoint& aws);

}  // namespace hyd::cli
