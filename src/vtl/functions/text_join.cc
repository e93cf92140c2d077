// Texts made of others.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/rendering.h"
#include "vtl/text.h"

#include <algorithm>
#include <string>

namespace hyd::vtl::fn {

Value text_concat(const Call& call) {
  const Value& other = argument(call, 0);
  if (other.is_null()) return null_argument(call);
  if (!other.is_text()) return Value();
  if (!call.run.text_fits(call.self.text().size() + other.text().size())) return Value();
  std::string text(call.self.text());
  append_joined(other.text(), text);
  return call.run.make_text(text);
}

// Both texts, or both characters.
Value text_replace(const Call& call) {
  const Value& from = argument(call, 0);
  const Value& to = argument(call, 1);
  std::string wanted;
  std::string other;
  if (from.kind() == Kind::character && to.kind() == Kind::character) {
    append_unit(from.unit(), wanted);
    append_unit(to.unit(), other);
  } else if ((from.is_text() || from.is_null()) && (to.is_text() || to.is_null())) {
    if (from.is_null() || to.is_null()) return null_argument(call);
    wanted = std::string(from.text());
    other = std::string(to.text());
  } else {
    return Value();
  }
  const std::string_view text = call.self.text();
  std::string out;
  std::size_t done = 0;
  if (wanted.empty()) {
    // An empty text stands before and behind each UTF-16 unit.
    while (done < text.size() && call.run.text_fits(out.size())) {
      const std::size_t start = done;
      const bool pair = next_point(text, done) >= 0x10000;
      const std::string_view character = text.substr(start, done - start);
      for (std::size_t unit = 0; unit < (pair ? 2u : 1u); ++unit) {
        append_joined(other, out);
        append_unit(unit_at(character, unit), out);
      }
    }
    append_joined(other, out);
    return call.run.make_text(out);
  }
  for (std::size_t at = text.find(wanted); at != std::string_view::npos;
       at = text.find(wanted, done)) {
    out.append(text.substr(done, at - done)).append(other);
    done = at + wanted.size();
    if (!call.run.text_fits(out.size())) return Value();
  }
  if (done == 0) return call.run.charge_bytes(text.size()) ? call.self : Value();
  out.append(text.substr(done));
  return call.run.make_text(out);
}

// A static: String.join(between, texts…) or (between, list).
Value text_join(const Call& call) {
  const Value& between = argument(call, 0);
  if (!between.is_text() && !between.is_null()) return Value();
  std::span<const Value> items = call.arguments.subspan(1);
  const bool is_list = items.size() == 1 && items[0].kind() == Kind::list;
  if (is_list) items = {items[0].list()->items, items[0].list()->size};
  const bool texts = std::all_of(items.begin(), items.end(), [](const Value& item) {
    return item.is_text() || item.is_null();
  });
  if (!texts && !is_list) return Value();
  // Java cannot tell whether one null is a text or the list.
  if (!is_list && items.size() == 1 && items[0].is_null()) return Value();
  if (between.is_null()) return null_argument(call);
  if (!texts) return call.run.fail("join takes texts only");
  std::string out;
  bool first = true;
  for (const Value& item : items) {
    if (!first) out.append(between.text());
    first = false;
    append_joined(item.is_null() ? "null" : item.text(), out);
    if (!call.run.charge(1) || !call.run.text_fits(out.size())) return Value();
  }
  return call.run.make_text(out);
}

Value text_value_of(const Call& call) {
  if (argument(call, 0).is_null()) return Value("null");
  return to_text(call.run, argument(call, 0));
}

}  // namespace hyd::vtl::fn
