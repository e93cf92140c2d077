#include "streams/faults.h"
#include "streams/ops/retention_period.h"

#include <utility>

namespace hyd::streams {
namespace {

aws::Outcome<void> may_retain(const Stream& now, std::int32_t hours) {
  const std::int32_t current = now.settings.retention_hours;
  if (hours <= current) return {};
  return retention_not_shorter({.stream = now.name, .asked_hours = hours, .now_hours = current});
}

}  // namespace

// What is older than the new period cannot be read any more when this answers.
void decrease_stream_retention_period(Streams& streams, const aws::Call& call,
                                      const RetentionInput& input, aws::Done<aws::Nothing> done) {
  change_retention(streams, call, input, may_retain, std::move(done));
}

}  // namespace hyd::streams
