// URL encoding as java.net.URLEncoder and URLDecoder have it.
#include "codec/hex.h"
#include "codec/percent.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/text.h"

#include <string>

namespace hyd::vtl::fn {

Value util_url_encode(const Call& call) {
  const Value& text = argument(call, 0);
  if (text.is_null()) return null_argument(call);
  if (!text.is_text()) return Value();
  std::string bytes(text.text());
  if (has_half(bytes)) replace_halves(bytes);
  return call.run.make_text(codec::form_encode(bytes));
}

// A plus is a blank. A '%' without two digits is an error; bytes that are no UTF-8 become U+FFFD,
// in each run of escapes by itself.
Value util_url_decode(const Call& call) {
  const Value& value = argument(call, 0);
  if (value.is_null()) return null_argument(call);
  if (!value.is_text()) return Value();
  const std::string_view text = value.text();
  if (text.find_first_of("%+") == std::string_view::npos) {
    return call.run.charge_bytes(text.size()) ? value : Value();
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c != '%') {
      out.push_back(c == '+' ? ' ' : c);
      ++i;
      continue;
    }
    std::string run;
    bool ascii = true;
    for (; i < text.size() && text[i] == '%'; i += 3) {
      const int high = i + 2 < text.size() ? codec::hex_digit(text[i + 1]) : -1;
      const int low = high >= 0 ? codec::hex_digit(text[i + 2]) : -1;
      if (low < 0) return call.run.fail("urlDecode: a '%' needs two hexadecimal digits behind it");
      ascii = ascii && high < 8;
      run.push_back(static_cast<char>(high * 16 + low));
    }
    out.append(ascii || is_well_formed(run) ? run : replace_malformed(run));
  }
  return call.run.make_text(out);
}

}  // namespace hyd::vtl::fn
