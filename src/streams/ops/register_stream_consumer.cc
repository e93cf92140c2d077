#include "streams/ops/consumers.h"
#include "streams/ops/find.h"
#include "streams/ops/resources.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hyd::streams {

namespace {

constexpr std::size_t kConsumersMax = 20;  // AWS documentation, "Quotas and limits"

Streams::NewSettings decide(const Streams& streams, const Stream& now, const std::string& name,
                            const Tags& tags) {
  if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
    return std::move(active).error();
  }
  if (consumer_in(now.settings, name) != nullptr) {
    return consumer_exists(consumer_at(streams, now, name));
  }
  if (now.settings.consumers.size() >= kConsumersMax) {
    return too_many_consumers(stream_at(streams, now.name), kConsumersMax);
  }
  Settings next = now.settings;
  // No two consumers of a name have the same ARN, so no two have the same second.
  const std::int64_t created_s = std::max(streams.now_ms() / 1000, next.consumers_gone_s + 1);
  next.consumers.emplace(
      name, Consumer{.name = name,
                     .arn = fmt::format("{}/consumer/{}:{}", now.arn, name, created_s),
                     .created_ms = created_s * 1000,
                     .status = streams.transition().count() > 0 ? Consumer::Status::creating
                                                                : Consumer::Status::active,
                     .tags = tags});
  return std::optional<Settings>(std::move(next));
}

}  // namespace

// The answer says CREATING, as AWS's does; the consumer is ACTIVE when the transition is over.
void register_stream_consumer(Streams& streams, const aws::Call& call,
                              const RegisterStreamConsumerInput& input,
                              aws::Done<RegisterStreamConsumerOutput> done) {
  const std::optional<std::string> arn = input.stream_arn;
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, Addressed{std::nullopt, arn});
  if (!stream) return done(std::unexpected(stream.error()));
  aws::Outcome<Tags> tags = Tags();
  if (input.tags) tags = read_new_tags(*input.tags);
  if (!tags) return done(std::unexpected(tags.error()));
  if (tags->size() > kTagsMax) {
    return done(std::unexpected(too_many_tags(stream_at(streams, (*stream)->name), kTagsMax)));
  }
  const std::string& name = input.consumer_name;
  streams.change(
      call, *stream,
      {.decide = [&streams, name, tags = *std::move(tags)](
                     const Stream& now) { return decide(streams, now, name, tags); },
       .then =
           [name](Settings& settings) {
             Consumer* const made = consumer_in(settings, name);
             if (made != nullptr && made->status == Consumer::Status::creating) {
               made->status = Consumer::Status::active;
             }
           }},
      [&streams, name,
       done = std::move(done)](std::expected<StreamPtr, aws::Fault> changed) mutable {
        if (!changed) return done(std::unexpected(std::move(changed).error()));
        const Consumer* const made = consumer_in((*changed)->settings, name);
        if (made == nullptr) {
          return done(std::unexpected(no_such_consumer(consumer_at(streams, **changed, name))));
        }
        ConsumerOutput output = consumer_output(*made);
        output.consumer_status = ConsumerWord::creating;
        done(RegisterStreamConsumerOutput{.consumer = std::move(output)});
      });
}

}  // namespace hyd::streams
