#include "base/check.h"
#include "sys/held_port.h"
#include "sys/real/loop.h"
#include "sys/real/os_error.h"
#include "sys/real/socket.h"

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace hyd::sys {
namespace {

using base::Code;
using base::fail;
using base::Result;

constexpr int kAcceptsMax = 16;  // of one event; other connections get their turn between
constexpr std::chrono::milliseconds kBackOff{100};

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
};

Result<Address> address_of(const Endpoint& at) {
  Address address;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (::inet_pton(AF_INET, at.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(at.port);
    address.length = sizeof *v4;
  } else if (::inet_pton(AF_INET6, at.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(at.port);
    address.length = sizeof *v6;
  } else {
    return fail(Code::invalid, "'" + at.host + "' is not a numeric address");
  }
  return address;
}

bool set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}
bool set_on(int fd, int level, int option) { return set(fd, level, option, 1); }

base::Error listen_error(const Endpoint& at, int error) {
  if (error == EADDRINUSE) {
    return fail(Code::conflict,
                "port " + std::to_string(at.port) + " of " + at.host + " is in use");
  }
  if (error == EACCES) {
    return fail(Code::invalid, "port " + std::to_string(at.port) + " of " + at.host +
                                   " is not for everybody: ports below 1024 are root's");
  }
  if (error == EADDRNOTAVAIL) {
    return fail(Code::invalid, at.host + " is not an address of this machine");
  }
  return os_error(error, "listen on " + at.text());
}

// SO_REUSEADDR lets a restart bind although connections of the former life are still in TIME_WAIT.
Result<Fd> bind_to(const Endpoint& at, bool shared) {
  ASSIGN_OR_RETURN(Address address, address_of(at));
  Fd fd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd || !set_on(fd.get(), SOL_SOCKET, SO_REUSEADDR) ||
      (shared && !set_on(fd.get(), SOL_SOCKET, SO_REUSEPORT)) ||
      ::bind(fd.get(), address.raw(), address.length) != 0) {
    return listen_error(at, errno);
  }
  return fd;
}

// An exclusive listener binds without SO_REUSEPORT, which the kernel refuses when any other socket
// listens there, and only then opens the port to this process's other loops. With SO_REUSEPORT from
// the start a forgotten second server would silently take half of the traffic.
Result<Fd> open_listener(const Endpoint& at, Loop::ListenOptions options) {
  ASSIGN_OR_RETURN(Fd fd, bind_to(at, !options.exclusive));
  // Listening before the port is shared: of two servers that start at one moment one is refused.
  if (::listen(fd.get(), options.backlog) != 0 ||
      (options.exclusive && !set_on(fd.get(), SOL_SOCKET, SO_REUSEPORT))) {
    return listen_error(at, errno);
  }
  return fd;
}

// What the pending wait shares with the Listener (see Waits in socket.cc).
struct Accepting {
  Accepting(RealLoop& at, OnAccept to)
      : loop(at), descriptor(at.context()), accept(std::move(to)) {}
  RealLoop& loop;
  asio::posix::stream_descriptor descriptor;
  OnAccept accept;
  TimerId back_off = 0;
  bool open = true;
  bool wanted = true;    // what set_accepting last said
  bool waiting = false;  // Asio watches, or a back-off runs: either goes on by itself
};

// True when the kernel may have more; false when it has not, or has no room for another descriptor.
bool accept_one(Accepting& accepting, bool& exhausted) {
  Address peer;
  peer.length = sizeof peer.storage;
  Fd fd(::accept4(accepting.descriptor.native_handle(), peer.raw(), &peer.length,
                  SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd) {
    set_on(fd.get(), IPPROTO_TCP, TCP_NODELAY);
    accepting.accept(make_socket(accepting.loop, std::move(fd), endpoint_of(peer.storage)));
    return true;
  }
  switch (errno) {
    case EAGAIN: return false;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: exhausted = true; return false;
    default: return true;  // that connection broke before it was accepted
  }
}

void wait_for_connections(const std::shared_ptr<Accepting>& accepting);

void accept_ready(const std::shared_ptr<Accepting>& accepting) {
  bool exhausted = false;
  for (int i = 0; i < kAcceptsMax && accepting->open && accepting->wanted; ++i) {
    if (!accept_one(*accepting, exhausted)) break;
  }
  if (!accepting->open) return;
  if (!exhausted) return wait_for_connections(accepting);
  // The connection stays in the kernel's queue, so waiting for readiness would spin.
  accepting->waiting = true;
  accepting->back_off = accepting->loop.after(kBackOff, [accepting] {
    accepting->back_off = 0;
    accepting->waiting = false;
    wait_for_connections(accepting);
  });
}

void wait_for_connections(const std::shared_ptr<Accepting>& accepting) {
  if (accepting->waiting || !accepting->wanted) return;
  accepting->waiting = true;
  accepting->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                   [accepting](std::error_code error) {
                                     accepting->waiting = false;
                                     if (!error && accepting->open) accept_ready(accepting);
                                   });
}

class RealListener final : public Listener {
 public:
  RealListener(std::shared_ptr<Accepting> accepting, Endpoint local)
      : accepting_(std::move(accepting)), local_(std::move(local)) {}
  ~RealListener() override { close(); }

  const Endpoint& local() const override { return local_; }
  bool set_accepting(bool accepting) override {
    accepting_->wanted = accepting;
    if (accepting_->open) wait_for_connections(accepting_);
    return true;
  }
  void close() override {
    if (!std::exchange(accepting_->open, false)) return;
    if (accepting_->back_off != 0) accepting_->loop.cancel(accepting_->back_off);
    std::error_code ignored;
    accepting_->descriptor.close(ignored);
  }

 private:
  std::shared_ptr<Accepting> accepting_;
  Endpoint local_;
};

}  // namespace

Endpoint endpoint_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return Endpoint{.host = text.data(), .port = ntohs(v4.sin_port)};
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    ::inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  return Endpoint{.host = text.data(), .port = ntohs(v6.sin6_port)};
}

namespace {

Result<Endpoint> local_of(const Fd& fd) {
  Address local;
  local.length = sizeof local.storage;
  if (::getsockname(fd.get(), local.raw(), &local.length) != 0) {
    return os_error(errno, "getsockname");
  }
  return endpoint_of(local.storage);
}

// Bound and not listening, so that who connects is refused.
class RealHeldPort final : public HeldPort {
 public:
  RealHeldPort(Fd fd, Endpoint at) : fd_(std::move(fd)), at_(std::move(at)) {}
  const Endpoint& at() const override { return at_; }

 private:
  Fd fd_;
  Endpoint at_;
};

}  // namespace

Result<std::unique_ptr<Listener>> listen_on(RealLoop& loop, const Endpoint& at,
                                            Loop::ListenOptions options, OnAccept accept) {
  ASSIGN_OR_RETURN(Fd fd, open_listener(at, options));
  ASSIGN_OR_RETURN(Endpoint local, local_of(fd));
  auto accepting = std::make_shared<Accepting>(loop, std::move(accept));
  std::error_code failed;
  accepting->descriptor.assign(fd.get(), failed);
  if (failed) return os_error(failed.value(), "listen on " + at.text());
  fd.release();
  wait_for_connections(accepting);
  return std::make_unique<RealListener>(std::move(accepting), std::move(local));
}

Result<std::unique_ptr<HeldPort>> hold_port(const Endpoint& at) {
  ASSIGN_OR_RETURN(Fd fd, bind_to(at, false));
  // With SO_REUSEADDR others could bind to a port that nobody listens on. SO_REUSEPORT lets this
  // process's listeners stand beside it; another process is refused, for it binds without it.
  if (!set(fd.get(), SOL_SOCKET, SO_REUSEADDR, 0) || !set_on(fd.get(), SOL_SOCKET, SO_REUSEPORT)) {
    return listen_error(at, errno);
  }
  ASSIGN_OR_RETURN(Endpoint local, local_of(fd));
  return std::make_unique<RealHeldPort>(std::move(fd), std::move(local));
}

}  // namespace hyd::sys
