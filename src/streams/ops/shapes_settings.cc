// Members and constraints as Kinesis's service model (2013-12-02) has them, without StreamId.
#include "aws/shape.h"
#include "streams/ops/specs.h"
#include "streams/ops/stream_settings.h"

namespace hyd::streams {

using namespace specs;
using aws::member;
using aws::Member;
using aws::Shape;

Shape RetentionInput::shape() {
  using T = RetentionInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::retention_period_hours>("RetentionPeriodHours", integer().required()),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape MonitoringInput::shape() {
  using T = MonitoringInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::shard_level_metrics>("ShardLevelMetrics", kMetrics.required()),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape MonitoringOutput::shape() {
  using T = MonitoringOutput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::current_shard_level_metrics>("CurrentShardLevelMetrics", aws::list(kMetric)),
      member<&T::desired_shard_level_metrics>("DesiredShardLevelMetrics", aws::list(kMetric)),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape EncryptionInput::shape() {
  using T = EncryptionInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::encryption_type>("EncryptionType", kEncryption.required()),
      member<&T::key_id>("KeyId", kKeyId.required()),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape UpdateStreamModeInput::shape() {
  using T = UpdateStreamModeInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_arn>("StreamARN", kArn.required()),
      member<&T::stream_mode_details>("StreamModeDetails", structure().required()),
      member<&T::warm_throughput_mibps>("WarmThroughputMiBps", kWarm),
  };
  return kMembers;
}

Shape UpdateMaxRecordSizeInput::shape() {
  using T = UpdateMaxRecordSizeInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_arn>("StreamARN", kArn),
      member<&T::max_record_size_kib>("MaxRecordSizeInKiB", kRecordKib.required()),
  };
  return kMembers;
}

Shape UpdateWarmThroughputInput::shape() {
  using T = UpdateWarmThroughputInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_arn>("StreamARN", kArn),
      member<&T::stream_name>("StreamName", kName),
      member<&T::warm_throughput_mibps>("WarmThroughputMiBps", kWarm.required()),
  };
  return kMembers;
}

Shape UpdateWarmThroughputOutput::shape() {
  using T = UpdateWarmThroughputOutput;
  static constexpr Member kMembers[] = {
      member<&T::stream_arn>("StreamARN", kArn),
      member<&T::stream_name>("StreamName", kName),
      member<&T::warm_throughput>("WarmThroughput", structure()),
  };
  return kMembers;
}

Shape DescribeLimitsOutput::shape() {
  using T = DescribeLimitsOutput;
  static constexpr Member kMembers[] = {
      member<&T::shard_limit>("ShardLimit", kCount.required()),
      member<&T::open_shard_count>("OpenShardCount", kCount.required()),
      member<&T::on_demand_stream_count>("OnDemandStreamCount", kCount.required()),
      member<&T::on_demand_stream_count_limit>("OnDemandStreamCountLimit", kCount.required()),
  };
  return kMembers;
}

Shape CommitmentInput::shape() {
  using T = CommitmentInput;
  static constexpr Member kMembers[] = {
      member<&T::status>("Status", string().required().one_of(kAskedCommitmentWords)),
  };
  return kMembers;
}

Shape Commitment::shape() {
  using T = Commitment;
  static constexpr Member kMembers[] = {
      member<&T::status>("Status", string().required().one_of(kCommitmentWords)),
      member<&T::started_at>("StartedAt", aws::timestamp()),
      member<&T::ended_at>("EndedAt", aws::timestamp()),
      member<&T::earliest_allowed_end_at>("EarliestAllowedEndAt", aws::timestamp()),
  };
  return kMembers;
}

Shape UpdateAccountSettingsInput::shape() {
  using T = UpdateAccountSettingsInput;
  static constexpr Member kMembers[] = {
      member<&T::commitment>("MinimumThroughputBillingCommitment", structure().required()),
  };
  return kMembers;
}

Shape AccountSettingsOutput::shape() {
  using T = AccountSettingsOutput;
  static constexpr Member kMembers[] = {
      member<&T::commitment>("MinimumThroughputBillingCommitment", structure()),
  };
  return kMembers;
}

}  // namespace hyd::streams
