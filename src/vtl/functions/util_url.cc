// URL encoding as java.net.URLEncoder and URLDecoder have it.
#include "codec/hex.h"
#include "codec/percent.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/text.h"

#include <cstring>
#include <optional>
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

namespace {

// The bytes of the escapes at `at`, behind which it moves; nothing when one is malformed. Never
// more than a third of the text's.
std::optional<std::size_t> read_escapes(std::string_view text, std::size_t& at, char* out) {
  std::size_t count = 0;
  for (; at < text.size() && text[at] == '%'; at += 3) {
    const int high = at + 2 < text.size() ? codec::hex_digit(text[at + 1]) : -1;
    const int low = high >= 0 ? codec::hex_digit(text[at + 2]) : -1;
    if (low < 0) return std::nullopt;
    out[count++] = static_cast<char>(high * 16 + low);
  }
  return count;
}

}  // namespace

// A plus is a blank. A '%' without two digits is an error; bytes that are no UTF-8 become U+FFFD,
// in each run of escapes by itself.
Value util_url_decode(const Call& call) {
  const Value& value = argument(call, 0);
  if (value.is_null()) return null_argument(call);
  if (!value.is_text()) return Value();
  const std::string_view text = value.text();
  if (!call.run.charge_bytes(text.size())) return Value();
  std::size_t at = 0;
  while (at < text.size() && text[at] != '%' && text[at] != '+') ++at;
  if (at == text.size()) return value;
  // What replaces a malformed byte is as long as its escape, so that the text never grows.
  if (!call.run.reserve(text.size())) return Value();
  char* const out = call.run.heap().make_array<char>(text.size());
  std::memcpy(out, text.data(), at);
  std::size_t size = at;
  while (at < text.size()) {
    const char c = text[at];
    if (c != '%') {
      out[size++] = c == '+' ? ' ' : c;
      ++at;
      continue;
    }
    const std::optional<std::size_t> count = read_escapes(text, at, out + size);
    if (!count) {
      return call.run.fail("urlDecode: a '%' needs two hexadecimal digits behind it");
    }
    const std::string_view bytes(out + size, *count);
    if (is_well_formed(bytes)) {
      size += *count;
    } else {
      const std::string replaced = replace_malformed(bytes);
      std::memcpy(out + size, replaced.data(), replaced.size());
      size += replaced.size();
    }
  }
  return Value(std::string_view(out, size));
}

}  // namespace hyd::vtl::fn
