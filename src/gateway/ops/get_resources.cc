// GetResource and GetResources.
#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/show.h"

#include <algorithm>

namespace hyd::gateway {
namespace {

constexpr std::int32_t kPage = 25;
constexpr std::int32_t kPageMax = 500;  // values outside of the range are no errors

bool embeds_methods(const std::optional<std::vector<std::string>>& embed) {
  return embed && std::ranges::find(*embed, "methods") != embed->end();
}

}  // namespace

void get_resource(Apis& apis, const aws::Call& call, const ResourceInput& input,
                  aws::Done<ResourceObject> done) {
  const ApiPtr api = apis.find(call.loop, input.rest_api_id);
  if (api == nullptr) return done(std::unexpected(no_such_resource()));
  const auto found = api->definition.resources.find(input.resource_id);
  if (found == api->definition.resources.end()) return done(std::unexpected(no_such_resource()));
  done(object_of(*api, found->second, embeds_methods(input.embed)));
}

// In the order of ids; a position is the id that the page before ended with.
void get_resources(Apis& apis, const aws::Call& call, const GetResourcesInput& input,
                   aws::Done<ResourcesObject> done) {
  const aws::Outcome<ApiPtr> api = find_api(apis, call, input.rest_api_id);
  if (!api) return done(std::unexpected(api.error()));
  const auto& resources = (*api)->definition.resources;
  const std::int32_t asked = input.limit.value_or(kPage);
  const auto limit = static_cast<std::size_t>(asked < 1 ? kPage : std::min(asked, kPageMax));

  ResourcesObject page;
  auto at = input.position ? resources.upper_bound(*input.position) : resources.begin();
  for (; at != resources.end() && page.items.size() < limit; ++at) {
    page.items.push_back(object_of(**api, at->second, embeds_methods(input.embed)));
  }
  if (at != resources.end()) page.position = page.items.back().id;
  done(std::move(page));
}

}  // namespace hyd::gateway
