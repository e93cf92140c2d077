#include "streams/ops/find.h"
#include "streams/ops/stream_settings.h"

#include <utility>

namespace hyd::streams {

// The key need not be the one in use: what a caller means is clear.
void stop_stream_encryption(Streams& streams, const aws::Call& call, const EncryptionInput& input,
                            aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.change(call, *stream,
                 {.decide = [&streams, type = input.encryption_type](
                                const Stream& now) -> Streams::NewSettings {
                    if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
                      return std::move(active).error();
                    }
                    if (type != EncryptionWord::kms) return not_kms();
                    if (!now.settings.key_id) return std::optional<Settings>();
                    Settings next = now.settings;
                    next.key_id.reset();
                    return std::optional<Settings>(std::move(next));
                  },
                  .updates = true},
                 without_answer(std::move(done)));
}

}  // namespace hyd::streams
