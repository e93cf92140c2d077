#include "objects/buckets.h"
#include "objects/change.h"
#include "objects/ops/operations.h"

#include <memory>
#include <utility>

namespace hyd::objects {

void put_bucket_tagging(Store& store, const aws::Call& call, const PutBucketTaggingInput& input,
                        aws::Done<aws::Nothing> done) {
  Tags tags;
  for (const Tag& tag : input.tagging.tag_set) tags.emplace_back(tag.key, tag.value);
  if (auto fault = tags_fault(tags)) return done(std::unexpected(*std::move(fault)));
  change(
      {.catalog = store.catalog(), .loop = call.loop},
      [tags, name = input.bucket](catalog::Transaction& in) { return put_tags(in, name, tags); },
      [done = std::move(done)](std::optional<aws::Fault> fault) mutable {
        if (fault) return done(std::unexpected(*std::move(fault)));
        done(aws::Nothing{});
      });
}

void get_bucket_tagging(Store& store, const aws::Call& call, const BucketInput& input,
                        aws::Done<Tagging> done) {
  auto tags = std::make_shared<Tags>();
  change(
      {.catalog = store.catalog(), .loop = call.loop},
      [tags, name = input.bucket](catalog::Transaction& in) { return read_tags(in, name, *tags); },
      [tags, done = std::move(done)](std::optional<aws::Fault> fault) mutable {
        if (fault) return done(std::unexpected(*std::move(fault)));
        Tagging output;
        for (auto& [key, value] : *tags) output.tag_set.push_back({key, value});
        done(std::move(output));
      });
}

void delete_bucket_tagging(Store& store, const aws::Call& call, const BucketInput& input,
                           aws::Done<aws::Nothing> done) {
  change(
      {.catalog = store.catalog(), .loop = call.loop},
      [name = input.bucket](catalog::Transaction& in) { return drop_tags(in, name); },
      [done = std::move(done)](std::optional<aws::Fault> fault) mutable {
        if (fault) return done(std::unexpected(*std::move(fault)));
        done(aws::Nothing{});
      });
}

}  // namespace hyd::objects
