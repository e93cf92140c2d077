// Any text is a template or has one error, at a place in it. What an error message says fits the
// text; what is a template can be rendered with an empty request within small limits.
#include "base/check.h"
#include "vtl/program.h"
#include "vtl/render.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hyd::vtl::Failure;
  const std::string text(data, data + size);
  const auto program = hyd::vtl::parse(text);
  if (!program) {
    HYD_CHECK(!program.error().what.empty());
    HYD_CHECK(program.error().place.line >= 1 && program.error().place.column >= 1);
    HYD_CHECK(program.error().place.line <= size + 1);
    return 0;
  }
  hyd::vtl::Limits limits;
  limits.steps_max = 20'000;
  limits.output_bytes_max = 100'000;
  const auto rendered = hyd::vtl::render(**program, {}, limits);
  if (rendered) {
    HYD_CHECK(rendered->output.size() <= limits.output_bytes_max);
    HYD_CHECK(rendered->steps <= limits.steps_max);
  } else {
    HYD_CHECK(!rendered.error().what.empty());
  }
  return 0;
}
