// $context and $stageVariables: maps that are made only when a template wants them whole.
#pragma once

#include "vtl/program.h"
#include "vtl/run.h"
#include "vtl/value.h"

#include <optional>

namespace hyd::vtl {

// The map of all fields in their order, with the overrides given in the inputs. Its inner maps
// print nothing, as on AWS (observed).
Map* make_context(Run& run);
Map* make_stage_variables(Run& run);

// Looks a field up in the inputs. False when that cannot tell: it is an object or an override.
// `whole`: nothing else is asked of the field, so that a missing one is the empty text.
bool find_context_field(Run& run, const ContextName& name, bool whole, Value& out);

// What the template has left in the overrides of its context.
Overrides read_overrides(Run& run, const Map& context);

}  // namespace hyd::vtl
