#include "streams/ops/find.h"
#include "streams/ops/stream_settings.h"

#include <cstdint>
#include <utility>

namespace hyd::streams {

// Kept and shown: there is nothing to warm.
void update_stream_warm_throughput(Streams& streams, const aws::Call& call,
                                   const UpdateWarmThroughputInput& input,
                                   aws::Done<UpdateWarmThroughputOutput> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  const std::int32_t mibps = input.warm_throughput_mibps;
  streams.change(
      call, *stream,
      {.decide = [&streams, mibps](const Stream& now) -> Streams::NewSettings {
         if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
           return std::move(active).error();
         }
         if (now.settings.mode != Mode::on_demand) {
           return warm_needs_on_demand(stream_at(streams, now.name));
         }
         if (commitment_of(streams.account_settings(), streams.now_ms()).status ==
             CommitmentWord::disabled) {
           return warm_needs_commitment();
         }
         if (now.settings.warm_mibps == mibps) return std::optional<Settings>();
         Settings next = now.settings;
         next.warm_mibps = mibps;
         return std::optional<Settings>(std::move(next));
       },
       .updates = true},
      [mibps, done = std::move(done)](std::expected<StreamPtr, aws::Fault> changed) mutable {
        if (!changed) return done(std::unexpected(std::move(changed).error()));
        done(UpdateWarmThroughputOutput{
            .stream_arn = (*changed)->arn,
            .stream_name = (*changed)->name,
            .warm_throughput = {.target_mibps = mibps, .current_mibps = mibps}});
      });
}

}  // namespace hyd::streams
