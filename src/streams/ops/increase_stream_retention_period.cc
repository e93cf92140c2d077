#include "streams/faults.h"
#include "streams/ops/retention_period.h"

#include <utility>

namespace hyd::streams {
namespace {

constexpr std::int32_t kHoursMax = 8'760;
// Ours: what the log can hold before sparse segments are packed.
constexpr std::int32_t kHoursKept = 168;

aws::Outcome<void> may_retain(const Stream& now, std::int32_t hours) {
  const std::int32_t current = now.settings.retention_hours;
  if (hours > kHoursMax) return retention_too_long(hours);
  if (hours < current) {
    return retention_not_longer({.stream = now.name, .asked_hours = hours, .now_hours = current});
  }
  if (hours > kHoursKept) return retention_not_kept(hours, kHoursKept);
  return {};
}

}  // namespace

void increase_stream_retention_period(Streams& streams, const aws::Call& call,
                                      const RetentionInput& input, aws::Done<aws::Nothing> done) {
  change_retention(streams, call, input, may_retain, std::move(done));
}

}  // namespace hyd::streams
