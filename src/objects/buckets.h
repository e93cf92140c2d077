// What may be done to buckets, inside a transaction: the same for the wire and for callers in this
// process. Each answers with the fault that refuses it, or with nothing.
#pragma once

#include "aws/fault.h"
#include "base/result.h"
#include "catalog/statement.h"
#include "objects/object.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::objects {

inline constexpr std::int64_t kBucketsMax = 10'000;  // "General purpose bucket quotas"
inline constexpr std::size_t kBucketTagsMax = 50;

// Answers nothing also when the bucket is there: the caller already owns it (AWS does so in
// us-east-1; scripts count on it).
base::Result<std::optional<aws::Fault>> make_bucket(catalog::Transaction& in, const Bucket& bucket);
base::Result<std::optional<aws::Fault>> drop_bucket(catalog::Transaction& in,
                                                    std::string_view name);

// Why a bucket of that name cannot be asked for; nothing when it can.
std::optional<aws::Fault> bucket_name_fault(std::string_view name);

using Tags = std::vector<std::pair<std::string, std::string>>;
std::optional<aws::Fault> tags_fault(const Tags& tags);
base::Result<std::optional<aws::Fault>> put_tags(catalog::Transaction& in, std::string_view bucket,
                                                 const Tags& tags);
// NoSuchTagSet when there are none.
base::Result<std::optional<aws::Fault>> read_tags(catalog::Queryable& from, std::string_view bucket,
                                                  Tags& into);
base::Result<std::optional<aws::Fault>> drop_tags(catalog::Transaction& in,
                                                  std::string_view bucket);

}  // namespace hyd::objects
