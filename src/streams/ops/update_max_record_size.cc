#include "streams/ops/find.h"
#include "streams/ops/stream_settings.h"

#include <cstdint>
#include <utility>

namespace hyd::streams {

// For records that are put from the answer on.
void update_max_record_size(Streams& streams, const aws::Call& call,
                            const UpdateMaxRecordSizeInput& input, aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream =
      find_stream(streams, call, Addressed{std::nullopt, input.stream_arn});
  if (!stream) return done(std::unexpected(stream.error()));
  const std::uint64_t bytes = static_cast<std::uint64_t>(input.max_record_size_kib) << 10;
  streams.change(call, *stream,
                 {.decide = [&streams, bytes](const Stream& now) -> Streams::NewSettings {
                    if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
                      return std::move(active).error();
                    }
                    if (now.settings.record_bytes_max == bytes) return std::optional<Settings>();
                    Settings next = now.settings;
                    next.record_bytes_max = bytes;
                    return std::optional<Settings>(std::move(next));
                  },
                  .updates = true},
                 without_answer(std::move(done)));
}

}  // namespace hyd::streams
