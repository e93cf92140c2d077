// Connections and listeners of a real loop.
#pragma once

#include "base/result.h"
#include "sys/loop.h"
#include "sys/real/fd.h"
#include "sys/transport.h"

#include <memory>

struct sockaddr_storage;

namespace hyd::sys {

class RealLoop;

// Takes a connected, non-blocking socket onto the loop.
std::unique_ptr<Socket> make_socket(RealLoop& loop, Fd fd, Endpoint peer);
std::unique_ptr<Socket> adopt_connection(RealLoop& loop, std::unique_ptr<Handoff> connection);

// The promise is that of Loop::listen.
base::Result<std::unique_ptr<Listener>> listen_on(RealLoop& loop, const Endpoint& at,
                                                  Loop::ListenOptions options, OnAccept accept);

// An IPv4 address that arrives mapped into IPv6 is shown as IPv4.
Endpoint endpoint_of(const sockaddr_storage& address);

}  // namespace hyd::sys
