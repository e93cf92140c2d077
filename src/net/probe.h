// What one loop's HTTP server counted. Plain numbers of the loop's thread; whoever publishes them
// copies the struct on that loop. Everything only grows except `connections_open`.
#pragma once

#include "net/refusal.h"

#include <array>
#include <cstdint>
#include <utility>

namespace hyd::net {

struct Probe {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_over_limit = 0;  // closed unheard: this many too many
  std::uint64_t connections_passed_on = 0;   // to another loop
  std::uint64_t connections_lost = 0;        // the peer reset them, or a write failed
  std::uint64_t requests = 0;                // heads that were understood
  std::uint64_t responses = 0;               // handed to the socket
  std::uint64_t closed_unanswered = 0;       // by the handler, since the outcome is unknown
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t writes = 0;        // calls that carried them
  std::uint64_t reads_parked = 0;  // put off because may_read said no
  std::uint64_t bodies_too_large = 0;
  std::uint64_t bodies_without_memory = 0;  // refused by the process's budget
  struct {
    std::uint64_t head = 0;
    std::uint64_t idle = 0;
    std::uint64_t body_stall = 0;
    std::uint64_t body_rate = 0;
    std::uint64_t write_stall = 0;
  } timeouts;
  std::array<std::uint64_t, kRefusals> refusals{};  // by Refusal

  void count(Refusal why) { ++refusals[std::to_underlying(why)]; }
};

}  // namespace hyd::net
