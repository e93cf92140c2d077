// What most operations begin with: which stream, which shard.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "streams/faults.h"
#include "streams/ops/operations.h"
#include "streams/streams.h"

#include <optional>
#include <string>
#include <string_view>

namespace hyd::streams {

inline StreamAt stream_at(const Streams& streams, std::string_view name) {
  return {.account = streams.account(), .name = name};
}

struct Addressed {
  const std::optional<std::string>& name;
  const std::optional<std::string>& arn;
};
// The stream that a call names by its name (in the call's region), its ARN (in any) or both, in
// whatever status.
aws::Outcome<StreamPtr> find_stream(const Streams& streams, const aws::Call& call,
                                    const Addressed& by);
template <class Input>
aws::Outcome<StreamPtr> find_stream(const Streams& streams, const aws::Call& call,
                                    const Input& input) {
  return find_stream(streams, call, Addressed{input.stream_name, input.stream_arn});
}

// The name that a call means, for the words of a fault.
std::string_view meant_name(const Addressed& by);

// Changes need a stream that is ACTIVE.
aws::Outcome<void> must_be_active(const Streams& streams, const Stream& stream);

std::string_view status_word(const Stream& stream);
StatusWord status_of(const Stream& stream);
StreamModeDetails mode_of(const Stream& stream);
base::WallTime created_at(const Stream& stream);
ShardOutput shard_output(const Shard& shard);

// AWS's limits of what a stream's tags may hold.
inline constexpr std::size_t kTagsMax = 50;
aws::Outcome<Tags> read_new_tags(const aws::Map<std::string>& tags);

inline constexpr std::int64_t kRetentionHours = 24;
inline constexpr std::int64_t kRetentionMs = kRetentionHours * 3'600'000;

}  // namespace hyd::streams
