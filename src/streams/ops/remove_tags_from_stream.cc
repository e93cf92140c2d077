#include "streams/ops/find.h"
#include "streams/ops/operations.h"

#include <utility>

namespace hyd::streams {

// Keys that the stream does not have are passed over.
void remove_tags_from_stream(Streams& streams, const aws::Call& call,
                             const RemoveTagsFromStreamInput& input, aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  if (aws::Outcome<void> active = must_be_active(streams, **stream); !active) {
    return done(std::unexpected(std::move(active).error()));
  }
  streams.change_tags(call, *stream, {.remove = input.tag_keys, .total_max = kTagsMax},
                      std::move(done));
}

}  // namespace hyd::streams
