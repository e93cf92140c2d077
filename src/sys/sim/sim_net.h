// The network of the simulation: connections between a simulated process's loops and the clients
// that its test runs as threads beside them.
//
// Bytes arrive in order, later than they were sent by a delay drawn from the seed, in pieces of any
// size. A connection may be cut at any write: what is under way is lost, and both ends see an
// error, so a client cannot know whether its request was served. Everything is called by the holder
// of the baton.
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "sys/loop.h"
#include "sys/sim/baton.h"
#include "sys/transport.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::sys {

class SimNet {
 public:
  struct Options {
    std::chrono::microseconds delay_max{200};
    std::uint64_t cut_one_in = 0;  // writes; 0: never
    std::size_t window = 64 * 1024;
  };
  SimNet(Baton& baton, Options options) : baton_(baton), options_(options) {}
  SimNet(const SimNet&) = delete;
  SimNet& operator=(const SimNet&) = delete;

  // How a task is brought to a loop from an event of the baton.
  using Post = std::function<void(base::Task)>;

  // --- for loops
  base::Result<std::unique_ptr<Listener>> listen(Post post, const Endpoint& at, bool exclusive,
                                                 OnAccept accept);
  std::unique_ptr<Socket> adopt(Post post, std::unique_ptr<Handoff> connection);

  // --- for a test's threads

  // A blocking client, as an SDK would be.
  class Client {
   public:
    virtual ~Client() = default;  // closes
    // False: the connection is gone.
    virtual bool send(std::string_view bytes) = 0;
    // Waits until something is there. Empty: the deadline has passed, or `ended`.
    virtual std::string receive(base::MonoTime deadline) = 0;
    // Nothing will come any more.
    virtual bool ended() const = 0;
  };
  // Null when nobody listens there.
  std::unique_ptr<Client> connect(std::uint16_t port);

 private:
  friend class SimListener;
  friend class SimSocket;
  friend class SimClient;
  friend class SimHandoff;
  struct Half;
  struct Connection;
  struct Listening;

  std::size_t write(const std::shared_ptr<Connection>& connection, Half& to,
                    std::string_view bytes);
  void end(const std::shared_ptr<Connection>& connection, Half& to);
  void cut(const std::shared_ptr<Connection>& connection);
  bool room(const Half& to) const;
  // The waiting task runs later, if its socket is still there then.
  void wake(const std::shared_ptr<Connection>& connection, Half& half, base::Task Half::* task);
  base::MonoTime arrival(Half& half);

  Baton& baton_;
  const Options options_;
  std::map<std::uint16_t, std::vector<std::shared_ptr<Listening>>> listening_;
  std::uint16_t next_port_ = 20000;
};

}  // namespace hyd::sys
