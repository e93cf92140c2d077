// Members and constraints as Kinesis's service model (2013-12-02) has them, without StreamId.
#include "aws/shape.h"
#include "streams/ops/shards.h"
#include "streams/ops/specs.h"

namespace hyd::streams {

using namespace specs;
using aws::member;
using aws::Member;
using aws::Shape;

Shape SplitShardInput::shape() {
  using T = SplitShardInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::shard_to_split>("ShardToSplit", kName.required()),
      member<&T::new_starting_hash_key>("NewStartingHashKey", kHashKey.required()),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape MergeShardsInput::shape() {
  using T = MergeShardsInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::shard_to_merge>("ShardToMerge", kName.required()),
      member<&T::adjacent_shard_to_merge>("AdjacentShardToMerge", kName.required()),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape UpdateShardCountInput::shape() {
  using T = UpdateShardCountInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::target_shard_count>("TargetShardCount", integer().required().at_least(1)),
      member<&T::scaling_type>("ScalingType", string().required().one_of(kScalingWords)),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape UpdateShardCountOutput::shape() {
  using T = UpdateShardCountOutput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::current_shard_count>("CurrentShardCount", integer().at_least(1)),
      member<&T::target_shard_count>("TargetShardCount", integer().at_least(1)),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

}  // namespace hyd::streams
