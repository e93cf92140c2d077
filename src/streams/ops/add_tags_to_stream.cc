#include "streams/ops/find.h"
#include "streams/ops/operations.h"

#include <utility>

namespace hyd::streams {

void add_tags_to_stream(Streams& streams, const aws::Call& call, const AddTagsToStreamInput& input,
                        aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  if (aws::Outcome<void> there = must_be_there(streams, **stream); !there) {
    return done(std::unexpected(std::move(there).error()));
  }
  aws::Outcome<Tags> tags = read_new_tags(input.tags);
  if (!tags) return done(std::unexpected(std::move(tags).error()));
  streams.change(
      call, *stream,
      {.decide = [&streams, change = TagChange{.put = *std::move(tags)}](
                     const Stream& now) { return change_tags(streams, now, {}, change); }},
      without_answer(std::move(done)));
}

}  // namespace hyd::streams
