// How stacks are kept in the catalog (docs/formats/stacks.md). Plain functions over a transaction
// or a reader.
#pragma once

#include "base/result.h"
#include "catalog/schema.h"
#include "catalog/statement.h"
#include "stacks/record.h"

#include <optional>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// To be passed to Catalog::open with everyone's.
catalog::Schema stacks_schema();

// In the order of their names.
base::Result<std::vector<Stack>> read_stacks(catalog::Queryable& from);
base::Result<std::optional<Stack>> read_stack(catalog::Queryable& from, std::string_view name);
// In place of what there was under that name.
base::Result<void> put_stack(catalog::Transaction& in, const Stack& stack);

// The runs that have not ended, at most one a stack.
base::Result<std::vector<Run>> read_runs(catalog::Queryable& from);
// All of a new run: from here on its steps may be done.
base::Result<void> put_run(catalog::Transaction& in, const Run& run);
// Where a run has come to: phase, position and cause; its steps never change.
base::Result<void> move_run(catalog::Transaction& in, const Run& run);
base::Result<void> remove_run(catalog::Transaction& in, std::string_view stack);

}  // namespace hyd::stacks
