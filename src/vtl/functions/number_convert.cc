// Numbers as other numbers.
#include "vtl/arithmetic.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"

namespace hyd::vtl::fn {

Value number_int_value(const Call& call) { return Value(to_int(call.run.heap(), call.self)); }
Value number_long_value(const Call& call) {
  return Value::from_long(to_long(call.run.heap(), call.self));
}
Value number_double_value(const Call& call) { return Value(to_double(call.self)); }
Value number_float_value(const Call& call) {
  return Value::from_float(static_cast<float>(to_double(call.self)));
}

Value number_compare_to(const Call& call) {
  const Value& other = argument(call, 0);
  if (other.is_null()) return null_argument(call);
  if (other.kind() != call.self.kind()) {
    return call.run.fail("a number can be compared with numbers of its class only");
  }
  const std::optional<int> order = compare_numbers(call.run.heap(), call.self, other);
  if (!order) return call.run.fail("these numbers cannot be compared");
  return Value(*order);
}

}  // namespace hyd::vtl::fn
