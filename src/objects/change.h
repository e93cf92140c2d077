// A change of the catalog that answers on a loop, with a fault where a rule of S3 refuses it.
#pragma once

#include "aws/fault.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "sys/loop.h"

#include <functional>
#include <optional>

namespace hyd::objects {

// Decides and writes, on the catalog writer's thread and perhaps twice: the fault that refuses the
// change, which is then undone, or nothing.
using Decide =
    std::move_only_function<base::Result<std::optional<aws::Fault>>(catalog::Transaction&)>;

// `done` runs on `loop`, with nothing when the change is durable.
using Decided = std::move_only_function<void(std::optional<aws::Fault>)>;

struct Change {
  catalog::Catalog& catalog;
  sys::Loop& loop;
  catalog::Lane lane = catalog::Lane::control;
};
void change(const Change& where, Decide decide, Decided done);

}  // namespace hyd::objects
