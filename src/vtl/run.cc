#include "vtl/run.h"

#include "vtl/text.h"

namespace hyd::vtl {

Value Run::fail(Failure::Reason reason, std::string_view what) {
  if (!failed_) {
    failed_ = true;
    reason_ = reason;
    what_ = what;
  }
  return Value();
}

Value Run::input_text(std::string_view bytes) {
  if (is_well_formed(bytes)) return Value(bytes);
  return make_text(replace_malformed(bytes));
}

Value Run::make_text(std::string_view text) {
  if (!text_fits(text.size()) || !charge_bytes(text.size()) || !reserve(text.size())) {
    return Value();
  }
  return Value(heap_.copy(text));
}

bool Run::reserve(std::size_t bytes) {
  if (bytes + heap_.size() <= limits_.heap_bytes_max) return true;
  fail(Failure::Reason::too_large, "the template needs too much memory");
  return false;
}

}  // namespace hyd::vtl
