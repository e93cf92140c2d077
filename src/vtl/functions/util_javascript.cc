// Texts inside JavaScript, and, with care, inside JSON.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/text.h"

#include <string>

namespace hyd::vtl::fn {
namespace {

void append_escape(std::uint32_t unit, std::string& out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[unit >> shift & 15u]);
}

}  // namespace

// `\'` is no JSON: templates append .replaceAll("\\'","'").
Value util_escape_javascript(const Call& call) {
  const Value& value = argument(call, 0);
  if (value.is_null()) return Value();
  if (!value.is_text()) return Value();
  const std::string_view text = value.text();
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size();) {
    const std::uint32_t point = next_point(text, i);
    switch (point) {
      case '\b': out.append("\\b"); break;
      case '\n': out.append("\\n"); break;
      case '\t': out.append("\\t"); break;
      case '\f': out.append("\\f"); break;
      case '\r': out.append("\\r"); break;
      case '"': out.append("\\\""); break;
      case '\'': out.append("\\'"); break;
      case '\\': out.append("\\\\"); break;
      case '/': out.append("\\/"); break;
      default:
        if (point >= 0x20 && point <= 0x7E) {
          out.push_back(static_cast<char>(point));
        } else if (point < 0x10000) {
          append_escape(point, out);
        } else {
          append_escape(0xD800 + ((point - 0x10000) >> 10), out);
          append_escape(0xDC00 + ((point - 0x10000) & 0x3FFu), out);
        }
    }
    if (!call.run.text_fits(out.size())) return Value();
  }
  return call.run.make_text(out);
}

}  // namespace hyd::vtl::fn
