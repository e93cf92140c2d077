// The constraints that Kinesis's service model puts on members of many shapes. Internal to the
// shapes of this folder.
#pragma once

#include "aws/shape.h"
#include "streams/ops/words.h"

#include <string_view>

namespace hyd::streams::specs {

using aws::integer;
using aws::Spec;
using aws::string;
using aws::structure;

bool is_name(std::string_view text);
bool is_hash_key(std::string_view text);
bool is_sequence(std::string_view text);
bool is_stream_arn(std::string_view text);
bool is_resource_arn(std::string_view text);
bool is_consumer_arn(std::string_view text);

inline constexpr aws::Pattern kNamePattern = {"[a-zA-Z0-9_.-]+", &is_name};
inline constexpr aws::Pattern kArnPattern = {R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)",
                                             &is_stream_arn};
inline constexpr aws::Pattern kHashKeyPattern = {R"(0|([1-9]\d{0,38}))", &is_hash_key};
inline constexpr aws::Pattern kSequencePattern = {R"(0|([1-9]\d{0,128}))", &is_sequence};

inline constexpr aws::Pattern kResourceArnPattern = {R"(arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+)",
                                                     &is_resource_arn};
inline constexpr aws::Pattern kConsumerArnPattern = {
    R"(^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+)",
    &is_consumer_arn};

inline constexpr Spec kName =
    string().length(1, 128).matching(kNamePattern);  // of streams, shards, consumers
inline constexpr Spec kArn = string().length(1, 2'048).matching(kArnPattern);
inline constexpr Spec kResourceArn = string().length(1, 2'048).matching(kResourceArnPattern);
inline constexpr Spec kConsumerArn = string().length(1, 2'048).matching(kConsumerArnPattern);
inline constexpr Spec kHashKey = string().matching(kHashKeyPattern);
inline constexpr Spec kSequence = string().matching(kSequencePattern);
inline constexpr Spec kPartitionKey = string().required().length(1, 256);
inline constexpr Spec kData = aws::blob().required().length(0, 10'485'760);
inline constexpr Spec kIterator = string().length(1, 512);
inline constexpr Spec kNextToken = string().length(1, 1'048'576);
inline constexpr Spec kTagKey = string().length(1, 128);
inline constexpr Spec kTagValue = string().length(0, 256);
inline constexpr Spec kTags = aws::map(kTagKey, kTagValue).length(1, 200);
inline constexpr Spec kTagKeys = aws::list(kTagKey).length(1, 50);
inline constexpr Spec kMetric = string().one_of(kMetricWords);
inline constexpr Spec kMetrics = aws::list(kMetric).length(1, 7);
inline constexpr Spec kKeyId = string().length(1, 2'048);
inline constexpr Spec kStructure = structure();
inline constexpr Spec kText = string();
inline constexpr Spec kWarm = integer().at_least(0);
inline constexpr Spec kRecordKib = integer().range(1'024, 10'240);
inline constexpr Spec kCount = integer().range(0, 1'000'000);
inline constexpr Spec kLimit = integer().range(1, 10'000);

inline constexpr Spec kStatus = string().required().one_of(kStatusWords);
inline constexpr Spec kEncryption = string().one_of(kEncryptionWords);

}  // namespace hyd::streams::specs
