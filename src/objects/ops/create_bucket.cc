#include "objects/buckets.h"
#include "objects/change.h"
#include "objects/ops/operations.h"

#include <utility>

namespace hyd::objects {

// Success means the bucket survives any crash. Its name is the caller's, so a repeated call is
// harmless.
void create_bucket(Store& store, const aws::Call& call, const CreateBucketInput& input,
                   aws::Done<CreateBucketOutput> done) {
  if (auto fault = bucket_name_fault(input.bucket)) {
    return done(std::unexpected(*std::move(fault)));
  }
  std::string region = call.region;
  if (input.create_bucket_configuration) {
    region = input.create_bucket_configuration->location_constraint.value_or(region);
  }
  Bucket bucket{.name = input.bucket, .region = std::move(region), .created = store.now()};
  CreateBucketOutput output{.location = "/" + input.bucket};
  change(
      {.catalog = store.catalog(), .loop = call.loop},
      [bucket](catalog::Transaction& in) { return make_bucket(in, bucket); },
      [output, done = std::move(done)](std::optional<aws::Fault> fault) mutable {
        if (fault) return done(std::unexpected(*std::move(fault)));
        done(std::move(output));
      });
}

}  // namespace hyd::objects
