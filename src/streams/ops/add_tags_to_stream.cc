#include "streams/ops/find.h"
#include "streams/ops/operations.h"

#include <utility>

namespace hyd::streams {

void add_tags_to_stream(Streams& streams, const aws::Call& call, const AddTagsToStreamInput& input,
                        aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  if (aws::Outcome<void> active = must_be_active(streams, **stream); !active) {
    return done(std::unexpected(std::move(active).error()));
  }
  aws::Outcome<Tags> tags = read_new_tags(input.tags);
  if (!tags) return done(std::unexpected(std::move(tags).error()));
  streams.change_tags(call, *stream, {.put = *std::move(tags), .total_max = kTagsMax},
                      std::move(done));
}

}  // namespace hyd::streams
