#include "streams/ops/consumers.h"
#include "streams/ops/find.h"
#include "streams/ops/page.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::streams {

namespace {

constexpr std::size_t kConsumersMax = 100;  // in one answer, whatever MaxResults says
constexpr std::string_view kOperation = "ListStreamConsumers";

}  // namespace

// By name, those that come or go too.
void list_stream_consumers(Streams& streams, const aws::Call& call,
                           const ListStreamConsumersInput& input,
                           aws::Done<ListStreamConsumersOutput> done) {
  const std::optional<std::string> arn = input.stream_arn;
  const aws::Outcome<StreamPtr> found = find_stream(streams, call, Addressed{std::nullopt, arn});
  if (!found) return done(std::unexpected(found.error()));
  const Stream& stream = **found;
  // Another incarnation of the name.
  const base::WallTime created = created_at(stream);
  if (base::unix_seconds(input.stream_creation_timestamp.value_or(created)) !=
      base::unix_seconds(created)) {
    return done(std::unexpected(no_such_stream(stream_at(streams, stream.name))));
  }
  std::string behind;
  if (input.next_token) {
    aws::Outcome<std::string> last = open_page(streams, call, {kOperation, *input.next_token});
    if (!last) return done(std::unexpected(std::move(last).error()));
    behind = *std::move(last);
  }
  const std::size_t limit = std::min(
      kConsumersMax, static_cast<std::size_t>(
                         input.max_results.value_or(static_cast<std::int32_t>(kConsumersMax))));
  ListStreamConsumersOutput output;
  const auto& consumers = stream.settings.consumers;
  for (auto at = consumers.upper_bound(behind); at != consumers.end(); ++at) {
    if (output.consumers.size() == limit) {
      output.next_token =
          seal_page(streams, call, {kOperation, output.consumers.back().consumer_name});
      break;
    }
    output.consumers.push_back(consumer_output(at->second));
  }
  done(std::move(output));
}

}  // namespace hyd::streams
