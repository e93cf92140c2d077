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
#include <vector>

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

// Changes need a stream that is ACTIVE; small ones, and looking at its shards, one that is there.
aws::Outcome<void> must_be_active(const Streams& streams, const Stream& stream);
aws::Outcome<void> must_be_there(const Streams& streams, const Stream& stream);

// What an ARN of a stream or of a consumer names.
struct Resource {
  StreamPtr stream;
  std::string consumer = {};  // its name; empty: the stream itself
};
aws::Outcome<Resource> find_resource(const Streams& streams, const aws::Call& call,
                                     std::string_view arn);
// The consumer of those settings; null when it is there no more.
const Consumer* consumer_in(const Settings& settings, std::string_view name);
Consumer* consumer_in(Settings& settings, std::string_view name);
ConsumerAt consumer_at(const Streams& streams, const Stream& stream, std::string_view name);
// Of the resource, in the settings of its stream; nothing: the consumer is there no more.
Tags* tags_of(Settings& settings, const Resource& resource);

// For operations whose answer says nothing.
aws::Done<StreamPtr> without_answer(aws::Done<aws::Nothing> done);

std::string_view status_word(const Stream& stream);
StatusWord status_of(const Stream& stream);
StreamModeDetails mode_of(const Stream& stream);
base::WallTime created_at(const Stream& stream);
// KMS when the stream is encrypted.
EncryptionWord encryption_of(const Stream& stream);
// The same for records: said only when it is.
std::optional<EncryptionWord> encryption_of_records(const Stream& stream);
std::vector<EnhancedMetrics> monitoring_of(const Stream& stream);
ShardOutput shard_output(const Stream& stream, const Shard& shard);
HashKeyRange range_output(const HashRange& range);

// Whether so many open shards more may be: by the limit of the region's provisioned streams, if one
// was set, and by what a start can open in a moment.
struct MoreShards {
  std::string_view region;
  Mode mode = Mode::provisioned;
  std::uint64_t more = 0;
};
aws::Outcome<void> must_have_room(const Streams& streams, const Picture& picture,
                                  const MoreShards& shards);

// AWS's limits of what a stream's tags may hold.
inline constexpr std::size_t kTagsMax = 50;
aws::Outcome<Tags> read_new_tags(const aws::Map<std::string>& tags);
// The settings with these tags changed; nothing: they are the same.
struct TagChange {
  Tags put = {};
  std::vector<std::string> remove = {};
};
Streams::NewSettings change_tags(const Streams& streams, const Stream& now,
                                 const Resource& resource, const TagChange& change);

}  // namespace hyd::streams
