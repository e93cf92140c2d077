// The methods of $foreach; most templates use its properties.
#include "vtl/access.h"
#include "vtl/functions/rows.h"

namespace hyd::vtl::fn {

Value loop_has_next(const Call& call) { return Value(call.self.loop()->has_next); }
Value loop_get_index(const Call& call) { return Value(call.self.loop()->index); }
Value loop_get_count(const Call& call) { return Value(call.self.loop()->index + 1); }
Value loop_is_first(const Call& call) { return Value(call.self.loop()->index < 1); }
Value loop_is_last(const Call& call) { return Value(!call.self.loop()->has_next); }
Value loop_get_parent(const Call& call) { return property(call.run, call.self, "parent"); }
Value loop_get_topmost(const Call& call) { return property(call.run, call.self, "topmost"); }

}  // namespace hyd::vtl::fn
