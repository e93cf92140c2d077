#include "gateway/faults.h"
#include "gateway/ids.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/show.h"
#include "gateway/tree_rules.h"

#include <algorithm>
#include <utility>

namespace hyd::gateway {
namespace {

aws::Outcome<void> add(Apis& apis, const CreateResourceInput& input, Api& api) {
  Definition& definition = api.definition;
  if (input.id) {
    if (const Resource* there = find_resource(definition, *input.id)) {
      const bool same = there->parent_id == input.parent_id && there->path_part == input.path_part;
      return same ? aws::Outcome<void>() : id_taken(*input.id);
    }
  }
  const Resource* const parent = find_resource(definition, input.parent_id);
  if (parent == nullptr) return no_such_resource();
  if (aws::Outcome<void> good = check_child(definition, *parent, input.path_part); !good) {
    return good;
  }
  std::string id = input.id.value_or("");
  while (id.empty() || definition.resources.contains(id)) id = make_id(kIdLength, apis.entropy());
  definition.resources[id] = {
      .id = id, .parent_id = input.parent_id, .path_part = input.path_part, .methods = {}};
  return {};
}

}  // namespace

void create_resource(Apis& apis, const aws::Call& call, const CreateResourceInput& input,
                     aws::Done<ResourceObject> done) {
  if (input.id && !is_id(*input.id, kIdLength)) {
    return done(std::unexpected(malformed_id(*input.id)));
  }
  const auto show = [input](const Api& api) {
    const auto made = std::ranges::find_if(api.definition.resources, [&](const auto& entry) {
      return entry.second.parent_id == input.parent_id && entry.second.path_part == input.path_part;
    });
    HYD_CHECK(made != api.definition.resources.end());
    return object_of(api, made->second, false);
  };
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_resource()},
      [&apis, input](Api& api) { return add(apis, input, api); },
      shown<ResourceObject>(show, std::move(done)));
}

}  // namespace hyd::gateway
