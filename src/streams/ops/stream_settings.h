// Inputs, outputs and handlers of the operations that change what a stream or the account is.
#pragma once

#include "streams/ops/operations.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyd::streams {

// In the order of the value set of `MetricsName`; `all` is no bit of its own.
enum class MetricWord : std::uint8_t {
  incoming_bytes,
  incoming_records,
  outgoing_bytes,
  outgoing_records,
  write_exceeded,
  read_exceeded,
  iterator_age,
  all,
};

struct RetentionInput {
  std::optional<std::string> stream_name;
  std::int32_t retention_period_hours = 0;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
void increase_stream_retention_period(Streams&, const aws::Call&, const RetentionInput&,
                                      aws::Done<aws::Nothing>);
void decrease_stream_retention_period(Streams&, const aws::Call&, const RetentionInput&,
                                      aws::Done<aws::Nothing>);

struct MonitoringInput {
  std::optional<std::string> stream_name;
  std::vector<MetricWord> shard_level_metrics;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct MonitoringOutput {
  std::string stream_name;
  std::vector<MetricWord> current_shard_level_metrics;  // before the call
  std::vector<MetricWord> desired_shard_level_metrics;
  std::string stream_arn;
  static aws::Shape shape();
};
void enable_enhanced_monitoring(Streams&, const aws::Call&, const MonitoringInput&,
                                aws::Done<MonitoringOutput>);
void disable_enhanced_monitoring(Streams&, const aws::Call&, const MonitoringInput&,
                                 aws::Done<MonitoringOutput>);

struct EncryptionInput {
  std::optional<std::string> stream_name;
  EncryptionWord encryption_type = EncryptionWord::none;
  std::string key_id;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
void start_stream_encryption(Streams&, const aws::Call&, const EncryptionInput&,
                             aws::Done<aws::Nothing>);
void stop_stream_encryption(Streams&, const aws::Call&, const EncryptionInput&,
                            aws::Done<aws::Nothing>);

struct UpdateStreamModeInput {
  std::string stream_arn;
  StreamModeDetails stream_mode_details;
  std::optional<std::int32_t> warm_throughput_mibps;
  static aws::Shape shape();
};
void update_stream_mode(Streams&, const aws::Call&, const UpdateStreamModeInput&,
                        aws::Done<aws::Nothing>);

struct UpdateMaxRecordSizeInput {
  std::optional<std::string> stream_arn;
  std::int32_t max_record_size_kib = 0;
  static aws::Shape shape();
};
void update_max_record_size(Streams&, const aws::Call&, const UpdateMaxRecordSizeInput&,
                            aws::Done<aws::Nothing>);

struct UpdateWarmThroughputInput {
  std::optional<std::string> stream_arn;
  std::optional<std::string> stream_name;
  std::int32_t warm_throughput_mibps = 0;
  static aws::Shape shape();
};
struct UpdateWarmThroughputOutput {
  std::string stream_arn;
  std::string stream_name;
  WarmThroughput warm_throughput;
  static aws::Shape shape();
};
void update_stream_warm_throughput(Streams&, const aws::Call&, const UpdateWarmThroughputInput&,
                                   aws::Done<UpdateWarmThroughputOutput>);

// --- the account

struct DescribeLimitsOutput {
  std::int32_t shard_limit = 0;
  std::int32_t open_shard_count = 0;
  std::int32_t on_demand_stream_count = 0;
  std::int32_t on_demand_stream_count_limit = 0;
  static aws::Shape shape();
};
void describe_limits(Streams&, const aws::Call&, const aws::Nothing&,
                     aws::Done<DescribeLimitsOutput>);

// In the order of the value sets of the commitment's `Status`; asked for are the first two.
enum class CommitmentWord : std::uint8_t { enabled, disabled, enabled_until_end };
struct CommitmentInput {
  CommitmentWord status = CommitmentWord::disabled;
  static aws::Shape shape();
};
struct Commitment {
  CommitmentWord status = CommitmentWord::disabled;
  std::optional<base::WallTime> started_at = {};
  std::optional<base::WallTime> ended_at = {};
  std::optional<base::WallTime> earliest_allowed_end_at = {};
  static aws::Shape shape();
};
struct UpdateAccountSettingsInput {
  CommitmentInput commitment;
  static aws::Shape shape();
};
struct AccountSettingsOutput {
  std::optional<Commitment> commitment;
  static aws::Shape shape();
};
void describe_account_settings(Streams&, const aws::Call&, const aws::Nothing&,
                               aws::Done<AccountSettingsOutput>);
void update_account_settings(Streams&, const aws::Call&, const UpdateAccountSettingsInput&,
                             aws::Done<AccountSettingsOutput>);

// A commitment lasts a day at least.
inline constexpr std::int64_t kCommitmentMs = 24 * 3'600'000;
// Of the settings at that time.
Commitment commitment_of(const AccountSettings& settings, std::int64_t now_ms);

}  // namespace hyd::streams
