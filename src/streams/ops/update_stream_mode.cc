#include "streams/ops/find.h"
#include "streams/ops/stream_settings.h"

#include <optional>
#include <string>
#include <utility>

namespace hyd::streams {

// The shards stay as they are.
void update_stream_mode(Streams& streams, const aws::Call& call, const UpdateStreamModeInput& input,
                        aws::Done<aws::Nothing> done) {
  const std::optional<std::string> arn = input.stream_arn;
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, Addressed{std::nullopt, arn});
  if (!stream) return done(std::unexpected(stream.error()));
  const Mode mode = input.stream_mode_details.stream_mode == ModeWord::on_demand
                        ? Mode::on_demand
                        : Mode::provisioned;
  streams.change(
      call, *stream,
      {.decide = [&streams, mode,
                  warm = input.warm_throughput_mibps](const Stream& now) -> Streams::NewSettings {
         if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
           return std::move(active).error();
         }
         if (warm && mode != Mode::on_demand) {
           return invalid_argument("WarmThroughputMiBps needs a stream in ON_DEMAND mode.");
         }
         if (mode == now.settings.mode && !warm) return std::optional<Settings>();
         Settings next = now.settings;
         next.mode = mode;
         next.warm_mibps = mode == Mode::on_demand ? warm : std::nullopt;
         return std::optional<Settings>(std::move(next));
       },
       .updates = true},
      without_answer(std::move(done)));
}

}  // namespace hyd::streams
