#include "delivery/probe.h"

#include <utility>

namespace hyd::delivery {

void Probe::register_in(telemetry::Registry& registry) {
  const auto add = [&](const telemetry::Family& family, telemetry::Tags tags, const auto& what) {
    registrations.push_back(registry.add(family, std::move(tags), what));
  };
  add({.name = "hydrant_delivery_stored_objects_total", .help = "Objects stored."}, {}, objects);
  add({.name = "hydrant_delivery_stored_records_total", .help = "Records in stored objects."}, {},
      records);
  add({.name = "hydrant_delivery_stored_bytes_total", .help = "Bytes of records stored."}, {},
      bytes);
  for (std::size_t i = 0; i < kCodes; ++i) {
    add({.name = "hydrant_delivery_failed_attempts_total",
         .help = "Attempts to store an object that failed; each is repeated."},
        {{"code", base::name(static_cast<base::Code>(i))}}, failed[i]);
  }
  add({.name = "hydrant_delivery_failed_reads_total",
       .help = "Slices of a source that could not be read; each is repeated."},
      {}, read_failed);
  add({.name = "hydrant_delivery_open_intents", .help = "Objects decided on and not stored yet."},
      {}, open_intents);
  add({.name = "hydrant_delivery_damaged_intents",
       .help = "Objects whose records the log cannot give any more; they wait."},
      {}, damaged_intents);
  add({.name = "hydrant_delivery_owed_bytes", .help = "Bytes of records read and not stored yet."},
      {}, owed_bytes);
  add({.name = "hydrant_delivery_oldest_owed_milliseconds",
       .help = "Age of the oldest record read and not stored yet."},
      {}, oldest_owed_ms);
  add({.name = "hydrant_delivery_store_time_seconds",
       .help = "From reading an object's first record again to its durable commit."},
      {}, store_time);
}

}  // namespace hyd::delivery
