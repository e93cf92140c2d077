// The value sets of the service model, in the order in which AWS prints them. The enumerations of
// operations.h have the same order.
#pragma once

#include <cstddef>
#include <string_view>

namespace hyd::streams {

inline constexpr std::string_view kStatusWords[] = {"CREATING", "DELETING", "ACTIVE", "UPDATING"};
inline constexpr std::string_view kModeWords[] = {"PROVISIONED", "ON_DEMAND"};
inline constexpr std::string_view kEncryptionWords[] = {"NONE", "KMS"};
inline constexpr std::string_view kMetricWords[] = {"IncomingBytes",
                                                    "IncomingRecords",
                                                    "OutgoingBytes",
                                                    "OutgoingRecords",
                                                    "WriteProvisionedThroughputExceeded",
                                                    "ReadProvisionedThroughputExceeded",
                                                    "IteratorAgeMilliseconds",
                                                    "ALL"};
inline constexpr std::size_t kMetricsCount = 7;  // without ALL
inline constexpr std::string_view kConsumerWords[] = {"CREATING", "DELETING", "ACTIVE"};
inline constexpr std::string_view kScalingWords[] = {"UNIFORM_SCALING"};
inline constexpr std::string_view kAskedCommitmentWords[] = {"ENABLED", "DISABLED"};
inline constexpr std::string_view kCommitmentWords[] = {"ENABLED", "DISABLED",
                                                        "ENABLED_UNTIL_EARLIEST_ALLOWED_END"};
inline constexpr std::string_view kFilterWords[] = {"AFTER_SHARD_ID",    "AT_TRIM_HORIZON",
                                                    "FROM_TRIM_HORIZON", "AT_LATEST",
                                                    "AT_TIMESTAMP",      "FROM_TIMESTAMP"};
inline constexpr std::string_view kIteratorWords[] = {
    "AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"};

}  // namespace hyd::streams
