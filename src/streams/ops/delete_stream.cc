#include "streams/ops/find.h"
#include "streams/ops/operations.h"

namespace hyd::streams {

// Success means that no record is acknowledged behind the ends of the stream's shards and, unless a
// transition time is set, that the name is free. Deleting what is being deleted waits for the same
// end. Its consumers go with it only if EnforceConsumerDeletion says so.
void delete_stream(Streams& streams, const aws::Call& call, const DeleteStreamInput& input,
                   aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.remove(call, *stream, input.enforce_consumer_deletion.value_or(false), std::move(done));
}

}  // namespace hyd::streams
