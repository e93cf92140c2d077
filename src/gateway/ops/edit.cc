#include "gateway/ops/edit.h"

#include "gateway/faults.h"

#include <chrono>

namespace hyd::gateway {

void edit_api(Apis& apis, const aws::Call& call, Meant meant,
              std::move_only_function<aws::Outcome<void>(Api&)> edit, aws::Done<ApiPtr> done) {
  apis.change(
      call, meant.api_id,
      [missing = std::move(meant.missing),
       edit = std::move(edit)](std::optional<Api>& api) mutable -> aws::Outcome<void> {
        if (!api) return missing;
        return edit(*api);
      },
      std::move(done));
}

aws::Done<ApiPtr> unshown(aws::Done<aws::Nothing> done) {
  return [done = std::move(done)](std::expected<ApiPtr, aws::Fault> outcome) mutable {
    if (!outcome) return done(std::unexpected(std::move(outcome).error()));
    done(aws::Nothing{});
  };
}

aws::Outcome<ApiPtr> find_api(const Apis& apis, const aws::Call& call, const std::string& id) {
  ApiPtr api = apis.find(call.loop, id);
  if (api == nullptr) return no_such_api(call, id);
  return api;
}

aws::Fault no_such_api(const aws::Call& call, const std::string& id) {
  return no_such_api({.account = call.account, .id = id});
}

base::WallTime now(const aws::Call& call) {
  return std::chrono::floor<std::chrono::seconds>(call.clock.wall());
}

}  // namespace hyd::gateway
