#include "delivery/faults.h"
#include "delivery/ops/operations.h"
#include "delivery/tables.h"

#include <memory>
#include <utility>

namespace hyd::delivery {

// Success means that the deletion goes on after any crash: what the source held when the call began
// is delivered first, then the stream is gone. With AllowForceDelete it is gone at once, and what
// was owed is not delivered.
void delete_delivery_stream(Delivery& delivery, const aws::Call& call,
                            const DeleteDeliveryStreamInput& input, aws::Done<aws::Nothing> done) {
  const StreamKey key = key_of(call, input.name);
  struct Round {
    StreamKey key;
    std::string account;
    bool force = false;
    std::uint64_t drain_to = 0;
    DeliveryId id;
  };
  auto round =
      std::make_shared<Round>(Round{.key = key,
                                    .account = call.account,
                                    .force = input.force.value_or(false),
                                    .drain_to = delivery.log().end(log::Mark::durable).raw(),
                                    .id = {}});
  const DeliveryStream* const shown = delivery.find(call.loop, key);
  if (shown == nullptr) {
    return done(std::unexpected(stream_not_found({.name = key.name, .account = call.account})));
  }
  // It is being deleted already: asking again changes nothing.
  if (shown->state == DeliveryState::deleting && !round->force) return done(aws::Nothing{});
  delivery.change(
      call,
      {.store = [round](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const std::optional<DeliveryId> id, find_stream(in, round->key));
         if (!id) return stream_not_found({.name = round->key.name, .account = round->account});
         round->id = *id;
         if (round->force) {
           RETURN_IF_ERROR(remove_stream(in, *id));
           return std::nullopt;
         }
         RETURN_IF_ERROR(begin_deletion(in, *id, round->drain_to));
         return std::nullopt;
       },
       .apply =
           [round](DeliveryStreams& all, Engine& engine) {
             const auto found = all.find(round->key);
             if (round->force) {
               if (found != all.end()) all.erase(found);
               return engine.drop(round->id);
             }
             if (found != all.end()) {
               found->second.state = DeliveryState::deleting;
               found->second.drain_to = round->drain_to;
               found->second.failure.clear();
             }
             engine.drain(round->id, round->drain_to);
           }},
      std::move(done));
}

}  // namespace hyd::delivery
