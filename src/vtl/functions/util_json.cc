// JSON texts as values.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/json_reader.h"

namespace hyd::vtl::fn {

// By the same permissive reader that reads bodies.
Value util_parse_json(const Call& call) {
  const Value& text = argument(call, 0);
  if (text.is_null()) return null_argument(call);
  if (!text.is_text() || !call.run.charge_bytes(text.text().size())) return Value();
  return read_json(call.run, text.text());
}

}  // namespace hyd::vtl::fn
