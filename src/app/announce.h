// What the program says on standard output when it serves: a line each, for people and for scripts
// that wait for `ready`.
#pragma once

namespace hyd::app {

class Server;

void announce(const Server& server);

}  // namespace hyd::app
