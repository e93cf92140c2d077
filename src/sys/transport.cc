#include "sys/transport.h"

#include "base/parse_int.h"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>

namespace hyd::sys {
namespace {

using base::Code;
using base::fail;
using base::Result;

Result<std::string> parse_host(std::string_view text, bool v6) {
  std::string host(text == "localhost" && !v6 ? "127.0.0.1" : text);
  const int family = v6 ? AF_INET6 : AF_INET;
  in6_addr address{};
  if (::inet_pton(family, host.c_str(), &address) != 1) {
    return fail(Code::invalid, "'" + host + "' is not a numeric " + (v6 ? "IPv6" : "IPv4") +
                                   " address (names are not looked up)");
  }
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  ::inet_ntop(family, &address, canonical.data(), canonical.size());
  return std::string(canonical.data());
}

}  // namespace

std::string Endpoint::text() const {
  const bool v6 = host.contains(':');
  return (v6 ? "[" + host + "]:" : host + ":") + std::to_string(port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto wrong = [text](std::string_view why) {
    return fail(Code::invalid, std::string(why)).within("endpoint '" + std::string(text) + "'");
  };
  const bool v6 = text.starts_with('[');
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  if (colon == std::string_view::npos || (v6 && bracket + 1 != colon)) {
    return wrong("expected HOST:PORT or [IPV6]:PORT");
  }
  std::string_view host = text.substr(0, colon);
  if (v6) host = host.substr(1, bracket - 1);
  if (!v6 && host.contains(':')) return wrong("an IPv6 address needs brackets: [IPV6]:PORT");
  auto address = parse_host(host, v6);
  if (!address) return wrong(address.error().what);
  const auto port = base::parse_int<std::uint16_t>(text.substr(colon + 1));
  if (!port) return wrong("the port must be a number from 0 to 65535");
  return Endpoint{.host = *std::move(address), .port = *port};
}

bool is_loopback(const Endpoint& endpoint) {
  in_addr v4{};
  if (::inet_pton(AF_INET, endpoint.host.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24) == 127;
  }
  in6_addr v6{};
  if (::inet_pton(AF_INET6, endpoint.host.c_str(), &v6) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return v6.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace hyd::sys
