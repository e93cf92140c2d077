// What the handlers share: how one edits an API that must be there, and answers with what it left.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "gateway/apis.h"

#include <functional>
#include <string>
#include <utility>

namespace hyd::gateway {

struct Meant {
  const std::string& api_id;
  aws::Fault missing;  // the answer when there is no such API
};
// `edit` runs on the catalog writer's thread, and perhaps twice (Apis::Edit).
void edit_api(Apis& apis, const aws::Call& call, Meant meant,
              std::move_only_function<aws::Outcome<void>(Api&)> edit, aws::Done<ApiPtr> done);

// Answers with what `show` makes of the changed API.
template <class Output, class Show>
aws::Done<ApiPtr> shown(Show show, aws::Done<Output> done) {
  return [show = std::move(show),
          done = std::move(done)](std::expected<ApiPtr, aws::Fault> outcome) mutable {
    if (!outcome) return done(std::unexpected(std::move(outcome).error()));
    done(show(**outcome));
  };
}
aws::Done<ApiPtr> unshown(aws::Done<aws::Nothing> done);

// The API as the call's loop sees it, else the fault of an unknown one.
aws::Outcome<ApiPtr> find_api(const Apis& apis, const aws::Call& call, const std::string& id);
aws::Fault no_such_api(const aws::Call& call, const std::string& id);

// Dates of objects are whole seconds.
base::WallTime now(const aws::Call& call);

}  // namespace hyd::gateway
