#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/show.h"

namespace hyd::gateway {

void get_rest_api(Apis& apis, const aws::Call& call, const RestApiInput& input,
                  aws::Done<RestApiObject> done) {
  aws::Outcome<ApiPtr> api = find_api(apis, call, input.rest_api_id);
  if (!api) return done(std::unexpected(std::move(api).error()));
  done(object_of(**api, NoTags::empty));
}

}  // namespace hyd::gateway
