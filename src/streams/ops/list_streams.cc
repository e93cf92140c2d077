#include "streams/ops/find.h"
#include "streams/ops/operations.h"
#include "streams/ops/page.h"

#include <algorithm>

namespace hyd::streams {
namespace {

constexpr std::size_t kStreamsMax = 100;  // in one answer, whatever Limit says
constexpr std::string_view kOperation = "ListStreams";

}  // namespace

void list_streams(Streams& streams, const aws::Call& call, const ListStreamsInput& input,
                  aws::Done<ListStreamsOutput> done) {
  std::string behind = input.exclusive_start_stream_name.value_or("");
  if (input.next_token) {
    aws::Outcome<std::string> last = open_page(streams, call, {kOperation, *input.next_token});
    if (!last) return done(std::unexpected(std::move(last).error()));
    behind = *std::move(last);
  }
  const std::size_t limit =
      std::min(kStreamsMax, static_cast<std::size_t>(input.limit.value_or(kStreamsMax)));

  ListStreamsOutput output;
  const Picture::Names& names = streams.picture(call.loop).names();
  for (auto at = names.upper_bound(Picture::Less::View(call.region, behind));
       at != names.end() && at->first.first == call.region; ++at) {
    if (output.stream_names.size() == limit) {
      output.has_more_streams = true;
      output.next_token = seal_page(streams, call, {kOperation, output.stream_names.back()});
      break;
    }
    const Stream& stream = *at->second;
    output.stream_names.push_back(stream.name);
    output.stream_summaries.push_back({.stream_name = stream.name,
                                       .stream_arn = stream.arn,
                                       .stream_status = status_of(stream),
                                       .stream_mode_details = mode_of(stream),
                                       .stream_creation_timestamp = created_at(stream)});
  }
  done(std::move(output));
}

}  // namespace hyd::streams
