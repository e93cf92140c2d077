#include "app/status_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace hyd::app {
namespace {

std::string size_text(std::uint64_t bytes) {
  static constexpr std::string_view kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(bytes);
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string log_line(const log::Journal& journal) {
  const log::JournalProbe& probe = journal.probe();
  std::string line = fmt::format("log        {}; {} records in {} commits since the start",
                                 journal.road(), probe.records.load(std::memory_order_relaxed),
                                 probe.commits.load(std::memory_order_relaxed));
  if (const std::uint64_t refused = probe.refused.load(std::memory_order_relaxed); refused > 0) {
    line += fmt::format("; {} calls refused", refused);
  }
  if (!journal.has_room()) line += "; sockets are not read: too much waits for the disk";
  return line + "\n";
}

std::string streams_lines(const streams::Picture& picture) {
  if (picture.names().empty()) return "stream     none\n";
  std::string lines;
  for (const auto& [key, stream] : picture.names()) {
    const std::string_view state = stream->status == streams::Status::active     ? "active"
                                   : stream->status == streams::Status::updating ? "being changed"
                                   : stream->status == streams::Status::creating ? "being made"
                                                                                 : "being deleted";
    lines += fmt::format("stream     {}: {}, {} shards, in {}\n", stream->name, state,
                         stream->routes.size(), stream->region);
  }
  return lines;
}

std::string delivery_lines(const delivery::Delivery& delivery, std::int64_t now_ms) {
  std::string lines;
  for (const delivery::Status& one : delivery.status()) {
    const std::string_view name = std::string_view(one.arn).substr(one.arn.find_last_of('/') + 1);
    lines += fmt::format("delivery   {}: {}, {} objects since the start; ", name, one.state,
                         one.objects);
    if (one.owed_records == 0) {
      lines += "nothing is owed";
    } else {
      lines += fmt::format("{} records ({}) are owed, the oldest for {} s", one.owed_records,
                           size_text(one.owed_bytes), (now_ms - one.oldest_owed_ms) / 1000);
    }
    if (one.open_intents > 0) lines += fmt::format("; {} objects in work", one.open_intents);
    if (one.damaged_intents > 0) {
      lines +=
          fmt::format("; {} objects wait since their records are damaged", one.damaged_intents);
    }
    if (!one.last_error.empty()) lines += fmt::format("; last failure: {}", one.last_error);
    lines += '\n';
  }
  return lines.empty() ? "delivery   none\n" : lines;
}

std::string disk_line(sys::Dir& dir) {
  const base::Result<sys::Space> space = dir.space();
  if (!space) return fmt::format("disk       {}\n", space.error().what);
  return fmt::format("disk       {} free of {}\n", size_text(space->free.bytes()),
                     size_text(space->total.bytes()));
}

std::string damage_lines(const log::Journal& journal) {
  std::string lines;
  for (const log::DamagedRange& range : journal.damage()) {
    lines += fmt::format("damage     places {} to {}: {}\n", range.place_from, range.place_to,
                         range.where);
  }
  return lines.empty() ? "damage     none was found at the start\n" : lines;
}

}  // namespace

std::string status_text(const StatusParts& parts) {
  const std::shared_ptr<const streams::Picture> picture = parts.streams.newest();
  return log_line(parts.journal) + streams_lines(*picture) +
         delivery_lines(parts.delivery, parts.streams.now_ms()) + disk_line(parts.dir) +
         damage_lines(parts.journal);
}

}  // namespace hyd::app
