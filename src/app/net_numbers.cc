#include "app/net_numbers.h"

#include <cstddef>
#include <cstdint>

namespace hyd::app {
namespace {

struct Row {
  telemetry::Family family;
  std::string_view why;  // a tag, where the family has several reasons
  std::uint64_t (*read)(const net::Probe& probe);
};

constexpr std::string_view kTimeouts = "hydrant_net_timeouts_total";
constexpr std::string_view kTimeoutsHelp = "Connections that were closed for being slow.";

constexpr Row kRows[] = {
    {{"hydrant_net_connections_accepted_total", "Connections that were accepted."},
     "",
     [](const net::Probe& p) { return p.connections_accepted; }},
    {{"hydrant_net_connections_refused_total", "Connections that were one too many."},
     "",
     [](const net::Probe& p) { return p.connections_over_limit; }},
    {{"hydrant_net_connections_passed_on_total", "Connections that went to another loop."},
     "",
     [](const net::Probe& p) { return p.connections_passed_on; }},
    {{"hydrant_net_connections_lost_total", "Connections that broke."},
     "",
     [](const net::Probe& p) { return p.connections_lost; }},
    {{"hydrant_net_requests_total", "Requests whose head was understood."},
     "",
     [](const net::Probe& p) { return p.requests; }},
    {{"hydrant_net_responses_total", "Answers that were handed to a socket."},
     "",
     [](const net::Probe& p) { return p.responses; }},
    {{"hydrant_net_closed_unanswered_total", "Requests closed since their outcome is unknown."},
     "",
     [](const net::Probe& p) { return p.closed_unanswered; }},
    {{"hydrant_net_received_bytes_total", "Bytes that were read."},
     "",
     [](const net::Probe& p) { return p.bytes_in; }},
    {{"hydrant_net_sent_bytes_total", "Bytes that were written."},
     "",
     [](const net::Probe& p) { return p.bytes_out; }},
    {{"hydrant_net_writes_total", "Calls that carried answers."},
     "",
     [](const net::Probe& p) { return p.writes; }},
    {{"hydrant_net_reads_parked_total", "Reads that were put off for want of room."},
     "",
     [](const net::Probe& p) { return p.reads_parked; }},
    {{"hydrant_net_bodies_too_large_total", "Bodies above their limit."},
     "",
     [](const net::Probe& p) { return p.bodies_too_large; }},
    {{"hydrant_net_bodies_without_memory_total", "Bodies for which no memory was left."},
     "",
     [](const net::Probe& p) { return p.bodies_without_memory; }},
    {{kTimeouts, kTimeoutsHelp}, "head", [](const net::Probe& p) { return p.timeouts.head; }},
    {{kTimeouts, kTimeoutsHelp}, "idle", [](const net::Probe& p) { return p.timeouts.idle; }},
    {{kTimeouts, kTimeoutsHelp},
     "body_stall",
     [](const net::Probe& p) { return p.timeouts.body_stall; }},
    {{kTimeouts, kTimeoutsHelp},
     "body_rate",
     [](const net::Probe& p) { return p.timeouts.body_rate; }},
    {{kTimeouts, kTimeoutsHelp},
     "write_stall",
     [](const net::Probe& p) { return p.timeouts.write_stall; }},
};

constexpr telemetry::Family kOpen{"hydrant_net_open_connections", "Connections that are open."};
constexpr telemetry::Family kRefused{"hydrant_net_requests_refused_total",
                                     "Requests that were not understood."};

void carry(telemetry::LocalCounter& to, std::uint64_t value) { to.add(value - to.value()); }

}  // namespace

NetNumbers::NetNumbers(telemetry::Registry& registry, std::string_view port) {
  registrations_.push_back(registry.add(kOpen, {{"port", port}}, open_));
  for (const Row& row : kRows) {
    telemetry::Tags tags{{"port", port}};
    if (!row.why.empty()) tags.emplace_back("why", row.why);
    registrations_.push_back(registry.add(row.family, tags, counters_.emplace_back()));
  }
  for (std::size_t i = 1; i < net::kRefusals; ++i) {
    const net::RefusalText& why = net::text(static_cast<net::Refusal>(i));
    registrations_.push_back(
        registry.add(kRefused, {{"port", port}, {"why", why.name}}, counters_.emplace_back()));
  }
}

void NetNumbers::publish(const net::Probe& probe) {
  open_.set(static_cast<std::int64_t>(probe.connections_open));
  std::size_t at = 0;
  for (const Row& row : kRows) carry(counters_[at++], row.read(probe));
  for (std::size_t i = 1; i < net::kRefusals; ++i) carry(counters_[at++], probe.refusals[i]);
}

}  // namespace hyd::app
