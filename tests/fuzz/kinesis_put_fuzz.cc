// Whatever body the fast reader of puts takes is a JSON object in which the generic reader finds
// the same input, or the same lack of one.
#include "aws/shape.h"
#include "base/check.h"
#include "codec/json.h"
#include "streams/ops/fast_put.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

template <class Input>
void compare(bool (*read)(std::string_view, Input&), std::string_view body) {
  Input fast;
  if (!read(body, fast)) return;
  const auto document = hyd::codec::parse_json(body);
  HYD_CHECK(document.has_value() && document->if_object() != nullptr);
  const hyd::aws::Outcome<Input> generic = hyd::aws::read<Input>(*document);
  HYD_CHECK(generic.has_value() == hyd::aws::satisfies(Input::shape(), &fast));
  if (!generic) return;
  HYD_CHECK(hyd::aws::to_document(Input::shape(), &*generic) ==
            hyd::aws::to_document(Input::shape(), &fast));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(data, data + size);
  compare(&hyd::streams::read_put_record, body);
  compare(&hyd::streams::read_put_records, body);
  return 0;
}
