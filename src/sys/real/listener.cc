#include "base/check.h"
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

bool set_on(int fd, int level, int option) {
  const int on = 1;
  return ::setsockopt(fd, level, option, &on, sizeof on) == 0;
}

// An exclusive listener binds without SO_REUSEPORT, which the kernel refuses when any other socket
// listens there, and only then opens the port to this process's other loops. With SO_REUSEPORT from
// the start a forgotten second server would silently take half of the traffic. SO_REUSEADDR lets a
// restart bind although connections of the former life are still in TIME_WAIT.
Result<Fd> open_listener(const Endpoint& at, Loop::ListenOptions options) {
  ASSIGN_OR_RETURN(Address address, address_of(at));
  Fd fd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto failed = [&] {
    if (errno == EADDRINUSE) {
      return fail(Code::conflict,
                  "port " + std::to_string(at.port) + " of " + at.host + " is in use");
    }
    if (errno == EADDRNOTAVAIL) {
      return fail(Code::invalid, at.host + " is not an address of this machine");
    }
    return os_error(errno, "listen on " + at.text());
  };
  if (!fd || !set_on(fd.get(), SOL_SOCKET, SO_REUSEADDR)) return failed();
  if (!options.exclusive && !set_on(fd.get(), SOL_SOCKET, SO_REUSEPORT)) return failed();
  if (::bind(fd.get(), address.raw(), address.length) != 0) return failed();
  // Listening before the port is shared: of two servers that start at one moment one is refused.
  if (::listen(fd.get(), options.backlog) != 0) return failed();
  if (options.exclusive && !set_on(fd.get(), SOL_SOCKET, SO_REUSEPORT)) return failed();
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

Result<std::unique_ptr<Listener>> listen_on(RealLoop& loop, const Endpoint& at,
                                            Loop::ListenOptions options, OnAccept accept) {
  ASSIGN_OR_RETURN(Fd fd, open_listener(at, options));
  Address local;
  local.length = sizeof local.storage;
  if (::getsockname(fd.get(), local.raw(), &local.length) != 0) {
    return os_error(errno, "getsockname");
  }
  auto accepting = std::make_shared<Accepting>(loop, std::move(accept));
  std::error_code failed;
  accepting->descriptor.assign(fd.get(), failed);
  if (failed) return os_error(failed.value(), "listen on " + at.text());
  fd.release();
  wait_for_connections(accepting);
  return std::make_unique<RealListener>(std::move(accepting), endpoint_of(local.storage));
}

}  // namespace hyd::sys
