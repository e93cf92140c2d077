#include "streams/ops/consumers.h"
#include "streams/ops/find.h"

#include <utility>

namespace hyd::streams {

void describe_stream_consumer(Streams& streams, const aws::Call& call, const ConsumerInput& input,
                              aws::Done<DescribeStreamConsumerOutput> done) {
  const aws::Outcome<Resource> found = find_consumer(streams, call, input);
  if (!found) return done(std::unexpected(found.error()));
  const Consumer* const consumer = consumer_in(found->stream->settings, found->consumer);
  if (consumer == nullptr) {
    return done(
        std::unexpected(no_such_consumer(consumer_at(streams, *found->stream, found->consumer))));
  }
  ConsumerOutput output = consumer_output(*consumer);
  done(DescribeStreamConsumerOutput{
      .consumer_description = {.consumer_name = std::move(output.consumer_name),
                               .consumer_arn = std::move(output.consumer_arn),
                               .consumer_status = output.consumer_status,
                               .consumer_creation_timestamp = output.consumer_creation_timestamp,
                               .stream_arn = found->stream->arn}});
}

}  // namespace hyd::streams
