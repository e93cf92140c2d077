// Inputs, outputs and handlers of the operations that change a stream's shards.
#pragma once

#include "streams/ops/operations.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hyd::streams {

struct SplitShardInput {
  std::optional<std::string> stream_name;
  std::string shard_to_split;
  std::string new_starting_hash_key;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
void split_shard(Streams&, const aws::Call&, const SplitShardInput&, aws::Done<aws::Nothing>);

struct MergeShardsInput {
  std::optional<std::string> stream_name;
  std::string shard_to_merge;
  std::string adjacent_shard_to_merge;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
void merge_shards(Streams&, const aws::Call&, const MergeShardsInput&, aws::Done<aws::Nothing>);

enum class ScalingWord : std::uint8_t { uniform };
struct UpdateShardCountInput {
  std::optional<std::string> stream_name;
  std::int32_t target_shard_count = 0;
  ScalingWord scaling_type = ScalingWord::uniform;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct UpdateShardCountOutput {
  std::string stream_name;
  std::int32_t current_shard_count = 0;  // before the call
  std::int32_t target_shard_count = 0;
  std::string stream_arn;
  static aws::Shape shape();
};
void update_shard_count(Streams&, const aws::Call&, const UpdateShardCountInput&,
                        aws::Done<UpdateShardCountOutput>);

}  // namespace hyd::streams
