#include "objects/buckets.h"
#include "objects/change.h"
#include "objects/ops/operations.h"

#include <utility>

namespace hyd::objects {

// Success means the bucket is gone after any crash; it had no object.
void delete_bucket(Store& store, const aws::Call& call, const BucketInput& input,
                   aws::Done<aws::Nothing> done) {
  change(
      {.catalog = store.catalog(), .loop = call.loop},
      [name = input.bucket](catalog::Transaction& in) { return drop_bucket(in, name); },
      [done = std::move(done)](std::optional<aws::Fault> fault) mutable {
        if (fault) return done(std::unexpected(*std::move(fault)));
        done(aws::Nothing{});
      });
}

}  // namespace hyd::objects
