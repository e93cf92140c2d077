// Sockets as a loop sees them: nothing blocks, everything belongs to the loop's thread.
//
// A Socket is pulled, not pushed: wait until readable, then read what is there into a buffer that
// was borrowed only now. So an idle connection owns no buffer, and not reading is back-pressure.
#pragma once

#include "base/result.h"
#include "base/task.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hyd::sys {

struct Endpoint {
  std::string host;  // a numeric address: "127.0.0.1", "::1", "0.0.0.0"
  std::uint16_t port = 0;
  std::string text() const;  // "127.0.0.1:8080", "[::1]:8080"
};

// "HOST:PORT" or "[V6]:PORT"; names are refused (`localhost` means 127.0.0.1).
base::Result<Endpoint> parse_endpoint(std::string_view text);
bool is_loopback(const Endpoint& endpoint);

// A connection on its way from one loop to another; any thread may carry it.
class Handoff {
 public:
  virtual ~Handoff() = default;
};

class Socket {
 public:
  struct Read {
    std::size_t bytes = 0;  // 0 with `end` false: nothing there now
    bool end = false;       // the peer will send no more
  };
  virtual ~Socket() = default;  // closes it; no callback runs afterwards

  // Never blocks. An error means that the connection is gone.
  virtual base::Result<Read> read_some(std::span<char> into) = 0;
  // How many bytes were taken, from the front of the parts; 0 when the kernel's buffer is full.
  virtual base::Result<std::size_t> write_some(std::span<const std::string_view> parts) = 0;

  // `task` runs once, when reading or writing will make progress (data, end or error). At most one
  // wait of each kind at a time.
  virtual void wait_readable(base::Task task) = 0;
  virtual void wait_writable(base::Task task) = 0;

  virtual void shutdown_write() = 0;
  virtual const Endpoint& peer() const = 0;
  // Takes the connection off this loop. No waits may be pending; the Socket is spent.
  virtual std::unique_ptr<Handoff> detach() = 0;
};

class Listener {
 public:
  virtual ~Listener() = default;
  virtual const Endpoint& local() const = 0;  // with the port that was picked for 0
  virtual void close() = 0;                   // accepts no more; accepted sockets live on
  // Back-pressure: with false, connections wait in the kernel's queue until it is true again. The
  // result is false when this listener cannot do that; the caller then closes what is too much.
  virtual bool set_accepting(bool) { return false; }
};

using OnAccept = std::function<void(std::unique_ptr<Socket>)>;

}  // namespace hyd::sys
