// A port taken before there is anybody to serve it.
//
// One promise: while it is held, nobody else gets the port, and who connects to it is refused by
// the kernel as if nothing were there. Listeners of this process that are not exclusive can be
// opened on it; then it may go. So a start learns that its port is in use before it changes
// anything.
//
// Any thread; no loop is needed. Only the real network has it.
#pragma once

#include "base/result.h"
#include "sys/transport.h"

#include <functional>
#include <memory>

namespace hyd::sys {

class HeldPort {
 public:
  virtual ~HeldPort() = default;
  virtual const Endpoint& at() const = 0;  // with the port that was picked for 0
};

// Code::conflict: the port is in use. Code::invalid: the address is not this machine's.
base::Result<std::unique_ptr<HeldPort>> hold_port(const Endpoint& at);

using HoldPort = std::function<base::Result<std::unique_ptr<HeldPort>>(const Endpoint&)>;

}  // namespace hyd::sys
