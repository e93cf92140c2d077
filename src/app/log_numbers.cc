#include "app/log_numbers.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace hyd::app {
namespace {

struct Row {
  telemetry::Family family;
  std::atomic<std::uint64_t> log::JournalProbe::* value;
};

constexpr Row kRows[] = {
    {{"hydrant_log_commits_total", "Commits that were written."}, &log::JournalProbe::commits},
    {{"hydrant_log_records_total", "Records that were written."}, &log::JournalProbe::records},
    {{"hydrant_log_written_bytes_total", "Bytes of commits."}, &log::JournalProbe::bytes},
    {{"hydrant_log_buried_total", "Times that failed commits were buried."},
     &log::JournalProbe::buried},
    {{"hydrant_log_refused_total", "Calls that were refused for want of space."},
     &log::JournalProbe::refused},
    {{"hydrant_log_segments_freed_total", "Segments whose records were let go."},
     &log::JournalProbe::segments_freed},
};

}  // namespace

LogNumbers::LogNumbers(telemetry::Registry& registry, const log::JournalProbe& probe)
    : probe_(probe) {
  for (const Row& row : kRows) {
    registrations_.push_back(registry.add(row.family, {}, counters_.emplace_back()));
  }
}

void LogNumbers::publish() {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const std::uint64_t value = (probe_.*kRows[i].value).load(std::memory_order_relaxed);
    counters_[i].add(value - counters_[i].value());
  }
}

}  // namespace hyd::app
