#include "sys/real/socket.h"

#include "base/check.h"
#include "sys/real/loop.h"
#include "sys/real/os_error.h"

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

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

// What Asio's pending waits share with the Socket, so that the Socket may go before they do. The
// tasks lie here and not in Asio's handlers: they end with the Socket, not when Asio gets to it.
struct Waits {
  // Without room in the kernel for another watched descriptor the connection is closed: reads,
  // writes and waits then report an error.
  Waits(asio::io_context& context, Fd fd) : descriptor(context) {
    std::error_code failed;
    descriptor.assign(fd.get(), failed);
    if (!failed) fd.release();
  }
  asio::posix::stream_descriptor descriptor;
  base::Task readable;
  base::Task writable;
};

void wait(const std::shared_ptr<Waits>& waits, asio::posix::descriptor_base::wait_type type,
          base::Task Waits::* slot) {
  waits->descriptor.async_wait(type, [waits, slot](std::error_code) {
    // Empty when the Socket has gone. An error runs the task too: the next read or write tells.
    if (base::Task task = std::exchange((*waits).*slot, nullptr)) task();
  });
}

class RealSocket final : public Socket {
 public:
  RealSocket(RealLoop& loop, Fd fd, Endpoint peer)
      : waits_(std::make_shared<Waits>(loop.context(), std::move(fd))), peer_(std::move(peer)) {}
  ~RealSocket() override {
    const base::Task readable = std::exchange(waits_->readable, nullptr);
    const base::Task writable = std::exchange(waits_->writable, nullptr);
    std::error_code ignored;
    waits_->descriptor.close(ignored);
  }

  Result<Read> read_some(std::span<char> into) override {
    HYD_CHECK(!into.empty());
    while (true) {
      const ssize_t n = ::recv(fd(), into.data(), into.size(), 0);
      if (n > 0) return Read{.bytes = static_cast<std::size_t>(n)};
      if (n == 0) return Read{.end = true};
      if (errno == EAGAIN || errno == EWOULDBLOCK) return Read{};
      if (errno != EINTR) return os_error(errno, "read from " + peer_.text());
    }
  }

  Result<std::size_t> write_some(std::span<const std::string_view> parts) override {
    std::array<iovec, kPartsMax> pieces;
    std::size_t count = 0;
    for (const std::string_view part : parts) {
      if (part.empty()) continue;
      if (count == pieces.size()) break;
      pieces[count++] = {.iov_base = const_cast<char*>(part.data()), .iov_len = part.size()};
    }
    if (count == 0) return std::size_t{0};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    while (true) {
      const ssize_t n = ::sendmsg(fd(), &message, MSG_NOSIGNAL);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == EAGAIN || errno == EWOULDBLOCK) return std::size_t{0};
      if (errno != EINTR) return os_error(errno, "write to " + peer_.text());
    }
  }

  void wait_readable(base::Task task) override {
    HYD_CHECK(!waits_->readable);
    waits_->readable = std::move(task);
    wait(waits_, asio::posix::descriptor_base::wait_read, &Waits::readable);
  }
  void wait_writable(base::Task task) override {
    HYD_CHECK(!waits_->writable);
    waits_->writable = std::move(task);
    wait(waits_, asio::posix::descriptor_base::wait_write, &Waits::writable);
  }

  void shutdown_write() override { static_cast<void>(::shutdown(fd(), SHUT_WR)); }
  const Endpoint& peer() const override { return peer_; }

  std::unique_ptr<Handoff> detach() override {
    HYD_CHECK(!waits_->readable && !waits_->writable);
    return std::make_unique<RealHandoff>(Fd(waits_->descriptor.release()), std::move(peer_));
  }

 private:
  int fd() { return waits_->descriptor.native_handle(); }

  std::shared_ptr<Waits> waits_;
  Endpoint peer_;
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
