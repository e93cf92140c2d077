// For tests: a blocking TCP client, as an SDK would be.
#pragma once

#include "base/check.h"
#include "sys/real/fd.h"
#include "sys/transport.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace hyd::sys {

class Client {
 public:
  explicit Client(const Endpoint& server) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    ::inet_pton(AF_INET, server.host.c_str(), &address.sin_addr);
    connected_ =
        ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  bool connected() const { return connected_; }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      HYD_CHECK(n > 0);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  // `count` bytes, or fewer when the server ends or 20 s pass.
  std::string receive(std::size_t count) {
    std::string got;
    std::array<char, 65536> chunk;
    while (got.size() < count) {
      const ssize_t n =
          ::recv(fd_.get(), chunk.data(), std::min(chunk.size(), count - got.size()), 0);
      if (n <= 0) break;
      got.append(chunk.data(), static_cast<std::size_t>(n));
    }
    return got;
  }
  // True when the server has ended its side in order.
  bool ended() {
    char byte = 0;
    return ::recv(fd_.get(), &byte, 1, 0) == 0;
  }
  void shutdown_write() { ::shutdown(fd_.get(), SHUT_WR); }
  // The next close resets the connection instead of ending it.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd_ = Fd();
  }

 private:
  Fd fd_;
  bool connected_ = false;
};

}  // namespace hyd::sys
