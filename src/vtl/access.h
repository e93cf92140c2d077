// What stands behind a value: members, items, and how they are assigned.
#pragma once

#include "vtl/run.h"
#include "vtl/value.h"

#include <string_view>

namespace hyd::vtl {

// `$v.name`: a map's value first, the members that its class has otherwise. Null when there is
// none.
Value property(Run& run, const Value& self, std::string_view name);
// `$v[key]`: get(key). Fails where Java throws.
Value item(Run& run, const Value& self, const Value& key);
// `#set($v.name = …)` and `#set($v[key] = …)`; without effect where there is nothing to assign to.
void assign_property(Run& run, const Value& self, std::string_view name, const Value& value);
void assign_item(Run& run, const Value& self, const Value& key, const Value& value);

}  // namespace hyd::vtl
