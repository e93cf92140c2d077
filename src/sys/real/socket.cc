#include "sys/real/socket.h"

#include "base/check.h"
#include "sys/real/loop.h"
#include "sys/real/os_error.h"
#include "sys/real/readiness.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <system_error>
#include <utility>

namespace hyd::sys {
namespace {

using base::Result;

constexpr std::size_t kPartsMax = 64;  // of one write; the rest goes with the next

class RealHandoff final : public Handoff {
 public:
  RealHandoff(Fd fd, Endpoint peer) : fd_(std::move(fd)), peer_(std::move(peer)) {}
  Fd take_fd() { return std::move(fd_); }
  Endpoint take_peer() { return std::move(peer_); }

 private:
  Fd fd_;
  Endpoint peer_;
};

class RealSocket final : public Socket {
 public:
  RealSocket(RealLoop& loop, Fd fd, Endpoint peer)
      : readiness_(loop.readiness()),
        fd_(std::move(fd)),
        key_(readiness_.watch(fd_)),
        peer_(std::move(peer)) {}
  ~RealSocket() override {
    if (watched_) readiness_.forget(key_);
  }

  Result<Read> read_some(std::span<char> into) override {
    HYD_CHECK(!into.empty());
    while (true) {
      const ssize_t n = ::recv(fd_.get(), into.data(), into.size(), 0);
      if (n > 0) {
        const auto bytes = static_cast<std::size_t>(n);
        if (bytes < into.size()) readiness_.drained(key_);
        return Read{.bytes = bytes};
      }
      if (n == 0) return Read{.end = true};
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        readiness_.drained(key_);
        return Read{};
      }
      if (errno != EINTR) return os_error(errno, "read from " + peer_.text());
    }
  }

  Result<std::size_t> write_some(std::span<const std::string_view> parts) override {
    std::array<iovec, kPartsMax> pieces;
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const std::string_view part : parts) {
      if (part.empty()) continue;
      if (count == pieces.size()) break;
      pieces[count++] = {.iov_base = const_cast<char*>(part.data()), .iov_len = part.size()};
      bytes += part.size();
    }
    if (count == 0) return std::size_t{0};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    while (true) {
      const ssize_t n = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
      if (n >= 0) {
        const auto taken = static_cast<std::size_t>(n);
        if (taken < bytes) readiness_.full(key_);
        return taken;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        readiness_.full(key_);
        return std::size_t{0};
      }
      if (errno != EINTR) return os_error(errno, "write to " + peer_.text());
    }
  }

  void wait_readable(base::Task task) override { readiness_.wait_readable(key_, std::move(task)); }
  void wait_writable(base::Task task) override { readiness_.wait_writable(key_, std::move(task)); }

  void shutdown_write() override { static_cast<void>(::shutdown(fd_.get(), SHUT_WR)); }
  const Endpoint& peer() const override { return peer_; }

  std::unique_ptr<Handoff> detach() override {
    HYD_CHECK(!readiness_.waits(key_));
    readiness_.unwatch(fd_);
    readiness_.forget(key_);
    watched_ = false;
    return std::make_unique<RealHandoff>(std::move(fd_), std::move(peer_));
  }

 private:
  Readiness& readiness_;
  Fd fd_;
  Readiness::Key key_;
  Endpoint peer_;
  bool watched_ = true;
};

}  // namespace

std::unique_ptr<Socket> make_socket(RealLoop& loop, Fd fd, Endpoint peer) {
  return std::make_unique<RealSocket>(loop, std::move(fd), std::move(peer));
}

std::unique_ptr<Socket> adopt_connection(RealLoop& loop, std::unique_ptr<Handoff> connection) {
  auto* const real = dynamic_cast<RealHandoff*>(connection.get());
  HYD_CHECK(real != nullptr);
  return make_socket(loop, real->take_fd(), real->take_peer());
}

}  // namespace hyd::sys
