#include "sys/ask.h"

#include "sys/real/fd.h"
#include "sys/real/os_error.h"

#include <array>
#include <cerrno>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace hyd::sys {

using base::Code;
using base::fail;
using base::Result;

namespace {

// More than any answer that a person reads.
constexpr std::size_t kAnswerMax = 16u << 20;

Result<Fd> connect_to(const Endpoint& server, std::chrono::seconds patience) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &found) !=
      0) {
    return fail(Code::invalid, server.text() + " is no address");
  }
  Fd fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const bool connected = ::connect(fd.get(), found->ai_addr, found->ai_addrlen) == 0;
  const int why = errno;
  ::freeaddrinfo(found);
  if (connected) return fd;
  return fail(Code::unavailable, os_error(why, "connect to " + server.text()).what);
}

}  // namespace

Result<std::string> ask(const Endpoint& server, std::string_view question,
                        std::chrono::seconds patience) {
  ASSIGN_OR_RETURN(const Fd fd, connect_to(server, patience));
  while (!question.empty()) {
    const ssize_t n = ::send(fd.get(), question.data(), question.size(), MSG_NOSIGNAL);
    if (n <= 0) return os_error(errno, "write to " + server.text());
    question.remove_prefix(static_cast<std::size_t>(n));
  }
  std::string answer;
  std::array<char, 65536> piece;
  while (answer.size() < kAnswerMax) {
    const ssize_t n = ::recv(fd.get(), piece.data(), piece.size(), 0);
    if (n < 0) return os_error(errno, "read from " + server.text());
    if (n == 0) return answer;
    answer.append(piece.data(), static_cast<std::size_t>(n));
  }
  return fail(Code::exhausted, server.text() + " answers more than it should");
}

}  // namespace hyd::sys
