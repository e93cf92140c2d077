#include "streams/ops/consumers.h"

#include <chrono>
#include <optional>
#include <string>

namespace hyd::streams {

aws::Outcome<Resource> find_consumer(const Streams& streams, const aws::Call& call,
                                     const ConsumerInput& input) {
  if (input.consumer_arn) {
    const aws::Outcome<Resource> found = find_resource(streams, call, *input.consumer_arn);
    if (!found) return found.error();
    if (input.stream_arn.value_or(found->stream->arn) != found->stream->arn ||
        input.consumer_name.value_or(found->consumer) != found->consumer) {
      return consumer_parts_differ();
    }
    return found;
  }
  if (!input.stream_arn || !input.consumer_name) return neither_consumer_nor_arn();
  const aws::Outcome<StreamPtr> stream =
      find_stream(streams, call, Addressed{std::nullopt, input.stream_arn});
  if (!stream) return stream.error();
  if (consumer_in((*stream)->settings, *input.consumer_name) == nullptr) {
    return no_such_consumer(consumer_at(streams, **stream, *input.consumer_name));
  }
  return Resource{.stream = *stream, .consumer = *input.consumer_name};
}

ConsumerOutput consumer_output(const Consumer& consumer) {
  return {.consumer_name = consumer.name,
          .consumer_arn = consumer.arn,
          .consumer_status = static_cast<ConsumerWord>(consumer.status),
          .consumer_creation_timestamp =
              base::WallTime(std::chrono::milliseconds(consumer.created_ms))};
}

}  // namespace hyd::streams
