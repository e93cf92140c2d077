#include "streams/ops/find.h"
#include "streams/ops/stream_settings.h"

#include <utility>

namespace hyd::streams {

namespace {

constexpr std::int32_t kHoursMin = 24;
constexpr std::int32_t kHoursMax = 8'760;
// Ours: what the log can hold before sparse segments are packed.
constexpr std::int32_t kHoursKept = 168;

Streams::NewSettings decide(const Streams& streams, const Stream& now, std::int32_t hours) {
  if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
    return std::move(active).error();
  }
  const std::int32_t current = now.settings.retention_hours;
  if (hours < kHoursMin) return retention_too_short(hours);
  if (hours > kHoursMax) return retention_too_long(hours);
  if (hours < current) {
    return retention_not_longer({.stream = now.name, .asked_hours = hours, .now_hours = current});
  }
  if (hours > kHoursKept) return retention_not_kept(hours, kHoursKept);
  if (hours == current) return std::optional<Settings>();
  Settings next = now.settings;
  next.gone_before_ms = now.horizon_ms(streams.now_ms());
  next.retention_hours = hours;
  return std::optional<Settings>(std::move(next));
}

}  // namespace

// What the shorter period has let go does not come back.
void increase_stream_retention_period(Streams& streams, const aws::Call& call,
                                      const RetentionInput& input, aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.change(call, *stream,
                 {.decide = [&streams, hours = input.retention_period_hours](
                                const Stream& now) { return decide(streams, now, hours); },
                  .updates = true},
                 without_answer(std::move(done)));
}

}  // namespace hyd::streams
