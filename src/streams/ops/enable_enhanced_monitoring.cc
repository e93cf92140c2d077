#include "streams/ops/find.h"
#include "streams/ops/monitoring.h"

#include <utility>

namespace hyd::streams {

// Nothing is measured differently: the list is kept and shown.
void enable_enhanced_monitoring(Streams& streams, const aws::Call& call,
                                const MonitoringInput& input, aws::Done<MonitoringOutput> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  change_monitoring(streams, call,
                    {.stream = *stream, .words = input.shard_level_metrics, .on = true},
                    std::move(done));
}

}  // namespace hyd::streams
