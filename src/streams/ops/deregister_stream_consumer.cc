#include "streams/ops/consumers.h"
#include "streams/ops/find.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace hyd::streams {

namespace {

void take_away(Settings& settings, const std::string& name) {
  Consumer* const consumer = consumer_in(settings, name);
  if (consumer == nullptr) return;
  settings.consumers_gone_s = std::max(settings.consumers_gone_s, consumer->created_ms / 1000);
  settings.consumers.erase(name);
}

}  // namespace

// Gone with the answer or, when transitions take time, DELETING for so long.
void deregister_stream_consumer(Streams& streams, const aws::Call& call, const ConsumerInput& input,
                                aws::Done<aws::Nothing> done) {
  const aws::Outcome<Resource> consumer = find_consumer(streams, call, input);
  if (!consumer) return done(std::unexpected(consumer.error()));
  const std::string& name = consumer->consumer;
  streams.change(call, consumer->stream,
                 {.decide = [&streams, name](const Stream& now) -> Streams::NewSettings {
                    Settings next = now.settings;
                    Consumer* const one = consumer_in(next, name);
                    if (one == nullptr) return no_such_consumer(consumer_at(streams, now, name));
                    if (one->status == Consumer::Status::deleting) return std::optional<Settings>();
                    if (streams.transition().count() == 0) {
                      take_away(next, name);
                    } else {
                      next.consumers_gone_s =
                          std::max(next.consumers_gone_s, one->created_ms / 1000);
                      one->status = Consumer::Status::deleting;
                    }
                    return std::optional<Settings>(std::move(next));
                  },
                  .then =
                      [name](Settings& settings) {
                        const Consumer* const one = consumer_in(settings, name);
                        if (one != nullptr && one->status == Consumer::Status::deleting) {
                          take_away(settings, name);
                        }
                      }},
                 without_answer(std::move(done)));
}

}  // namespace hyd::streams
