#include "delivery/ops/operations.h"

#include <utility>

namespace hyd::delivery {

// Names in rising order, behind the given one even if that does not exist.
void list_delivery_streams(Delivery& delivery, const aws::Call& call,
                           const ListDeliveryStreamsInput& input,
                           aws::Done<ListDeliveryStreamsOutput> done) {
  constexpr std::int32_t kLimitDefault = 10;
  const auto limit = static_cast<std::size_t>(input.limit.value_or(kLimitDefault));
  ListDeliveryStreamsOutput output;
  // So far every delivery stream has a Kinesis stream as its source.
  if (input.type.value_or(SourceType::kinesis) != SourceType::kinesis) {
    return done(std::move(output));
  }
  const DeliveryStreams& all = delivery.streams(call.loop);
  for (auto at = all.upper_bound(key_of(call, input.start.value_or("")));
       at != all.end() && at->first.region == call.region; ++at) {
    if (output.names.size() == limit) {
      output.more = true;
      break;
    }
    output.names.push_back(at->first.name);
  }
  done(std::move(output));
}

}  // namespace hyd::delivery
