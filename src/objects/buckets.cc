#include "objects/buckets.h"

#include "codec/form.h"
#include "objects/faults.h"
#include "objects/names.h"
#include "objects/tables.h"

#include <algorithm>
#include <set>

namespace hyd::objects {

using aws::Fault;
using base::Result;
using Refusal = std::optional<Fault>;

namespace {

constexpr std::string_view kTagging = "tagging";
constexpr std::size_t kTagKeyMax = 128;
constexpr std::size_t kTagValueMax = 256;

// UTF-16 code units, which AWS's limits count.
std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 || byte >= 0xC0) ++count;
    if (byte >= 0xF0) ++count;
  }
  return count;
}

}  // namespace

Result<Refusal> make_bucket(catalog::Transaction& in, const Bucket& bucket) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> before, find_bucket(in, bucket.name));
  if (before) return Refusal();
  ASSIGN_OR_RETURN(const std::int64_t count, count_buckets(in));
  if (count >= kBucketsMax) return Refusal(too_many_buckets());
  RETURN_IF_ERROR(add_bucket(in, bucket));
  return Refusal();
}

Result<Refusal> drop_bucket(catalog::Transaction& in, std::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, name));
  if (!bucket) return Refusal(no_such_bucket(name));
  ASSIGN_OR_RETURN(const bool full, has_objects(in, bucket->id));
  if (full) return Refusal(bucket_not_empty(name));
  RETURN_IF_ERROR(remove_bucket(in, bucket->id));
  return Refusal();
}

Refusal bucket_name_fault(std::string_view name) {
  if (is_bucket_name(name)) return std::nullopt;
  return invalid_bucket_name(name);
}

Refusal tags_fault(const Tags& tags) {
  if (tags.size() > kBucketTagsMax) {
    return invalid_tag("Bucket tag count cannot be greater than 50");
  }
  std::set<std::string_view> keys;
  for (const auto& [key, value] : tags) {
    if (key.empty() || characters(key) > kTagKeyMax || key.starts_with("aws:")) {
      return invalid_tag("The TagKey you have provided is invalid");
    }
    if (characters(value) > kTagValueMax) {
      return invalid_tag("The TagValue you have provided is invalid");
    }
    if (!is_utf8(key) || !is_utf8(value)) return invalid_tag("Tags are text in UTF-8");
    if (!keys.insert(key).second) {
      return invalid_tag("Cannot provide multiple Tags with the same key");
    }
  }
  return std::nullopt;
}

Result<Refusal> put_tags(catalog::Transaction& in, std::string_view name, const Tags& tags) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, name));
  if (!bucket) return Refusal(no_such_bucket(name));
  RETURN_IF_ERROR(put_setting(in, {.bucket = bucket->id, .name = kTagging}, codec::to_text(tags)));
  return Refusal();
}

Result<Refusal> read_tags(catalog::Queryable& from, std::string_view name, Tags& into) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(from, name));
  if (!bucket) return Refusal(no_such_bucket(name));
  ASSIGN_OR_RETURN(const std::optional<std::string> text,
                   find_setting(from, {.bucket = bucket->id, .name = kTagging}));
  if (!text) return Refusal(no_such_tag_set(name));
  ASSIGN_OR_RETURN(into, codec::parse_form(*text));
  return Refusal();
}

Result<Refusal> drop_tags(catalog::Transaction& in, std::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, name));
  if (!bucket) return Refusal(no_such_bucket(name));
  RETURN_IF_ERROR(remove_setting(in, {.bucket = bucket->id, .name = kTagging}));
  return Refusal();
}

}  // namespace hyd::objects
