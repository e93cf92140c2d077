#include "objects/change.h"
#include "objects/faults.h"
#include "objects/ops/operations.h"
#include "objects/tables.h"

#include <memory>
#include <utility>

namespace hyd::objects {

// Asked in the writer's order, so it sees every change that was answered before it.
void head_bucket(Store& store, const aws::Call& call, const BucketInput& input,
                 aws::Done<HeadBucketOutput> done) {
  auto output = std::make_shared<HeadBucketOutput>();
  change(
      {.catalog = store.catalog(), .loop = call.loop},
      [output,
       name = input.bucket](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
        ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, name));
        if (!bucket) return std::optional<aws::Fault>(no_such_bucket(name));
        output->bucket_region = bucket->region;
        return std::optional<aws::Fault>();
      },
      [output, done = std::move(done)](std::optional<aws::Fault> fault) mutable {
        if (fault) return done(std::unexpected(*std::move(fault)));
        done(std::move(*output));
      });
}

}  // namespace hyd::objects
