// One question to a server on this or another machine, and its whole answer; for commands of a
// person, not for serving.
#pragma once

#include "base/result.h"
#include "sys/transport.h"

#include <chrono>
#include <string>
#include <string_view>

namespace hyd::sys {

// Sends `question` and reads until the server closes; blocks for at most `patience`. Code::
// unavailable: nobody listens there.
base::Result<std::string> ask(const Endpoint& server, std::string_view question,
                              std::chrono::seconds patience);

}  // namespace hyd::sys
