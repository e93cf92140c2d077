#include "catalog/probe.h"

namespace hyd::catalog {

void Probe::register_in(telemetry::Registry& registry) {
  const auto add = [&](const telemetry::Family& family, telemetry::Tags tags, const auto& what) {
    registrations.push_back(registry.add(family, std::move(tags), what));
  };
  constexpr telemetry::Family kWaiting{.name = "hydrant_catalog_queue_mutations",
                                       .help = "Mutations that wait for the catalog's writer."};
  add(kWaiting, {{"lane", "control"}}, waiting_control);
  add(kWaiting, {{"lane", "object"}}, waiting_object);
  add({.name = "hydrant_catalog_committed_mutations_total", .help = "Mutations that are durable."},
      {}, committed);
  for (std::size_t i = 0; i < kCodes; ++i) {
    add({.name = "hydrant_catalog_failed_mutations_total",
         .help = "Mutations that were refused or undone."},
        {{"code", base::name(static_cast<base::Code>(i))}}, failed[i]);
  }
  add({.name = "hydrant_catalog_group_size_mutations", .help = "Mutations in one commit."}, {},
      group);
  add({.name = "hydrant_catalog_commit_time_seconds",
       .help = "From the first mutation of a group to its durable commit."},
      {}, commit);
  add({.name = "hydrant_catalog_checkpoint_time_seconds",
       .help = "Copying the write-ahead log into the database; nothing commits meanwhile."},
      {}, checkpoint);
  add({.name = "hydrant_catalog_checkpoints_failed_total",
       .help = "Checkpoints that found no space."},
      {{"code", "exhausted"}}, checkpoints_failed);
  add({.name = "hydrant_catalog_wal_used_bytes", .help = "The write-ahead log's bytes in use."}, {},
      wal_bytes);
  add({.name = "hydrant_catalog_database_size_bytes", .help = "Pages of the database, in bytes."},
      {}, database_bytes);
}

}  // namespace hyd::catalog
