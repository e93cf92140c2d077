#include "streams/ops/policies.h"

#include <utility>

namespace hyd::streams {

std::optional<std::string>* policy_of(Settings& settings, const Resource& resource) {
  if (resource.consumer.empty()) return &settings.policy;
  Consumer* const consumer = consumer_in(settings, resource.consumer);
  return consumer == nullptr ? nullptr : &consumer->policy;
}

void set_policy(Streams& streams, const aws::Call& call, const Resource& resource,
                std::optional<std::string> policy, aws::Done<aws::Nothing> done) {
  streams.change(
      call, resource.stream,
      {.decide = [&streams, resource, policy](const Stream& now) -> Streams::NewSettings {
        if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
          return std::move(active).error();
        }
        Settings next = now.settings;
        std::optional<std::string>* const kept = policy_of(next, resource);
        if (kept == nullptr) {
          return no_such_consumer(consumer_at(streams, now, resource.consumer));
        }
        if (*kept == policy) return std::optional<Settings>();
        *kept = policy;
        return std::optional<Settings>(std::move(next));
      }},
      without_answer(std::move(done)));
}

}  // namespace hyd::streams
