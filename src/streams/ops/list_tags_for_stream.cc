#include "streams/ops/find.h"
#include "streams/ops/operations.h"

#include <utility>

namespace hyd::streams {

// In the order of the keys' bytes, which for the characters that a tag may have is AWS's order too.
void list_tags_for_stream(Streams& streams, const aws::Call& call,
                          const ListTagsForStreamInput& input,
                          aws::Done<ListTagsForStreamOutput> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  const Tags& tags = (*stream)->settings.tags;
  const auto limit =
      static_cast<std::size_t>(input.limit.value_or(static_cast<std::int32_t>(kTagsMax)));
  ListTagsForStreamOutput output;
  auto at = input.exclusive_start_tag_key ? tags.upper_bound(*input.exclusive_start_tag_key)
                                          : tags.begin();
  for (; at != tags.end() && output.tags.size() < limit; ++at) {
    output.tags.push_back({.key = at->first, .value = at->second});
  }
  output.has_more_tags = at != tags.end();
  done(std::move(output));
}

}  // namespace hyd::streams
