// Base64 of texts as UTF-8.
#include "codec/base64.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/text.h"

#include <string>

namespace hyd::vtl::fn {

// Of a text only: for a number, map or list there is no such method.
Value util_base64_encode(const Call& call) {
  const Value& text = argument(call, 0);
  if (text.is_null()) return null_argument(call);
  if (!text.is_text()) return Value();
  if (has_half(text.text())) {
    std::string bytes(text.text());
    replace_halves(bytes);
    return call.run.make_text(codec::base64_encode(bytes));
  }
  const std::size_t size = codec::base64_encoded_size(text.text().size());
  if (!call.run.text_fits(size) || !call.run.charge_bytes(size) || !call.run.reserve(size)) {
    return Value();
  }
  char* const out = call.run.heap().make_array<char>(size);
  codec::base64_encode_to(text.text(), {out, size});
  return Value(std::string_view(out, size));
}

Value util_base64_decode(const Call& call) {
  const Value& text = argument(call, 0);
  if (text.is_null()) return null_argument(call);
  if (!text.is_text()) return Value();
  base::Result<std::string> bytes = codec::base64_decode_java(text.text());
  if (!bytes) return call.run.fail(bytes.error().what);
  if (!is_well_formed(*bytes)) *bytes = replace_malformed(*bytes);
  return call.run.make_text(*bytes);
}

}  // namespace hyd::vtl::fn
