#include "streams/ops/find.h"
#include "streams/ops/operations.h"

#include <utility>

namespace hyd::streams {

// Keys that the stream does not have are passed over.
void remove_tags_from_stream(Streams& streams, const aws::Call& call,
                             const RemoveTagsFromStreamInput& input, aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.change(
      call, *stream,
      {.decide = [&streams, change = TagChange{.remove = input.tag_keys}](
                     const Stream& now) { return change_tags(streams, now, {}, change); }},
      without_answer(std::move(done)));
}

}  // namespace hyd::streams
