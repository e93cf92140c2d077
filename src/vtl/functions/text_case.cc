// Upper and lower case, and order.
#include "codec/letter_case.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/text.h"

#include <string>

namespace hyd::vtl::fn {

Value text_to_lower_case(const Call& call) {
  return call.run.make_text(codec::to_lower_case(call.self.text()));
}

Value text_to_upper_case(const Call& call) {
  return call.run.make_text(codec::to_upper_case(call.self.text()));
}

Value text_equals_ignore_case(const Call& call) {
  const Value& other = argument(call, 0);
  if (other.is_null()) return Value(false);
  if (!other.is_text() || !call.run.charge_bytes(call.self.text().size())) return Value();
  return Value(codec::equal_ignoring_case(call.self.text(), other.text()));
}

Value text_compare_to(const Call& call) {
  const Value& other = argument(call, 0);
  if (other.is_null()) return null_argument(call);
  if (!other.is_text()) return call.run.fail("a text can be compared with texts only");
  if (!call.run.charge_bytes(call.self.text().size())) return Value();
  return Value(compare_units(call.self.text(), other.text()));
}

}  // namespace hyd::vtl::fn
