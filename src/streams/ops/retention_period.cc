#include "streams/ops/retention_period.h"

#include "streams/ops/find.h"

#include <optional>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::int32_t kHoursMin = 24;

Streams::NewSettings decide(const Streams& streams, const Stream& now, std::int32_t hours,
                            MayRetain may) {
  if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
    return std::move(active).error();
  }
  if (hours < kHoursMin) return retention_too_short(hours);
  if (aws::Outcome<void> allowed = may(now, hours); !allowed) return std::move(allowed).error();
  if (hours == now.settings.retention_hours) return std::optional<Settings>();
  Settings next = now.settings;
  // What the shorter period has let go does not come back.
  if (hours > next.retention_hours) next.gone_before_ms = now.horizon_ms(streams.now_ms());
  next.retention_hours = hours;
  return std::optional<Settings>(std::move(next));
}

}  // namespace

void change_retention(Streams& streams, const aws::Call& call, const RetentionInput& input,
                      MayRetain may, aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.change(call, *stream,
                 {.decide = [&streams, hours = input.retention_period_hours,
                             may](const Stream& now) { return decide(streams, now, hours, may); },
                  .updates = true},
                 without_answer(std::move(done)));
}

}  // namespace hyd::streams
