#include "cli/log_verify.h"

#include "base/units.h"
#include "cli/command_line.h"
#include "log/verify.h"
#include "sys/input.h"
#include "sys/output.h"
#include "sys/real_runtime.h"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hyd::cli {
namespace {

int refuse(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitUsage;
}

// Nothing is made where there is nothing: every directory that was ever served has a LOCK.
base::Result<void> must_be_served_once(const std::string& data) {
  constexpr base::ByteCount kLockMax = base::mib(1);
  const auto lock = sys::read_input(data + "/LOCK", kLockMax);
  if (lock) return {};
  return base::fail(lock.error().code,
                    fmt::format("{} is no data directory: {}", data, lock.error().what));
}

std::string counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string range(std::string_view noun, std::uint64_t from, std::uint64_t to) {
  if (from == to) return fmt::format("{} {}", noun, from);
  return fmt::format("{}s {} to {}", noun, from, to);
}

void print_segment(const log::VerifiedSegment& segment) {
  std::string line = fmt::format("{}: segment {}, {}, {}", segment.file, segment.segment,
                                 segment.sealed ? "sealed" : "not sealed",
                                 range("commit", segment.first_commit, segment.last_commit));
  if (segment.first_place != 0) {
    line += ", " + range("place", segment.first_place, segment.last_place);
  }
  line += fmt::format(", {}, {}", counted(segment.records, "record"),
                      counted(segment.end_offset, "byte"));
  if (segment.dead > 0) line += fmt::format(", {} dead", counted(segment.dead, "commit"));
  line += segment.damage.empty() ? ": whole" : ": DAMAGED";
  sys::print_line(line);
}

void print_damage(const log::VerifiedDamage& damage) {
  std::string line = damage.file;
  if (damage.offset_to > damage.offset_from) {
    line += fmt::format(":{}-{}", damage.offset_from, damage.offset_to - 1);
  }
  line += ": " + damage.what;
  if (damage.place_to > damage.place_from) {
    line += fmt::format(" ({})", range("place", damage.place_from, damage.place_to - 1));
  }
  sys::print_line(line);
}

void print_gap(const log::VerifiedGap& gap) {
  sys::print_line(fmt::format("{} in no file: let go, or lost; the database knows which",
                              range("commit", gap.first_commit, gap.last_commit) +
                                  (gap.first_commit == gap.last_commit ? " is" : " are")));
}

}  // namespace

std::string progress_text(const log::VerifyProgress& progress) {
  constexpr double kGib = 1u << 30;
  const double done = static_cast<double>(progress.bytes_done);
  const double total = static_cast<double>(progress.bytes_total);
  return fmt::format("checked {:.2f} of {:.2f} GiB ({:.0f} %)", done / kGib, total / kGib,
                     total == 0 ? 100.0 : 100.0 * done / total);
}

int verify_log(const LogVerifyOptions& options) {
  if (const auto there = must_be_served_once(options.data); !there) {
    return refuse(there.error().what);
  }
  const auto runtime = sys::make_real_runtime();
  if (!runtime) return refuse(runtime.error().what);
  const auto dir = (*runtime)->open_dir(options.data);
  if (!dir) return refuse(dir.error().what);
  const auto lock = (*dir)->lock((*runtime)->clock().mono(), [](std::string_view) {});
  if (!lock) return refuse(lock.error().what);

  std::function<void(const log::VerifyProgress&)> progress;
  if (sys::error_is_terminal()) {
    progress = [](const log::VerifyProgress& now) { sys::print_error_over(progress_text(now)); };
  }
  const auto found = log::verify(**dir, progress);
  if (progress) sys::print_error_over("");
  if (!found) return refuse(found.error().what);
  for (const log::VerifiedSegment& segment : found->segments) {
    print_segment(segment);
    for (const log::VerifiedDamage& damage : segment.damage) print_damage(damage);
  }
  for (const log::VerifiedDamage& damage : found->damage) print_damage(damage);
  for (const log::VerifiedGap& gap : found->gaps) print_gap(gap);
  for (const std::string& note : found->notes) sys::print_line(note);
  sys::print_line(fmt::format("{}, {}, {}, {}: {}", counted(found->segments.size(), "segment"),
                              counted(found->free_slots, "unused file"),
                              counted(found->commits(), "commit"),
                              counted(found->records(), "record"),
                              found->damaged() == 0 ? std::string("nothing is damaged")
                                                    : counted(found->damaged(), "damaged range")));
  return found->damaged() == 0 ? kExitOk : kExitFailed;
}

}  // namespace hyd::cli
