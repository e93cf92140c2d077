// What the request path serves: the picture of all deployed stages, and how it is asked.
//
// Immutable and published to every loop; a request keeps its `shared_ptr<const Served>` until it
// ends, so a stage that is deleted meanwhile stays whole for it. Definitions and compiled forms are
// shared between pictures for as long as nothing about their stage changed.
#pragma once

#include "gateway/definition.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

// The request path's own form of a stage: routes, programs of templates, targets. Defined by it.
struct CompiledStage;

struct ServedStage {
  DeployedStage what;
  std::shared_ptr<const CompiledStage> compiled;
};

// Makes the request path's form of a stage. Called on the thread that publishes (the catalog
// writer's; at the start the one that opens), once for each stage whose DeployedStage is new,
// before the change that brought it is answered. Never fails: what cannot be compiled is answered
// as a failure by the stage. Null only where there is no request path (tests of the control plane).
using Compile = std::function<std::shared_ptr<const CompiledStage>(const DeployedStage&)>;

struct Served {
  // By (API id, stage name).
  std::vector<ServedStage> stages;

  // Null when there is none. Ids are compared whatever their case, stage names exactly.
  const ServedStage* find(std::string_view api_id, std::string_view stage) const;
  // The stage of that name when exactly one API has one.
  const ServedStage* find_by_name(std::string_view stage) const;
  // True when some stage of that API is served.
  bool has_api(std::string_view api_id) const;
};

}  // namespace hyd::gateway
