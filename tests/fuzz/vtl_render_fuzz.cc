// A template and what it sees: everything up to a zero byte is the template, then come the body and
// a query parameter. Rendering twice gives the same, and nothing beyond the limits.
#include "base/check.h"
#include "vtl/program.h"
#include "vtl/render.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

// What stands before the next zero byte, which is taken along.
std::string_view take_part(std::string_view& rest) {
  const std::size_t end = rest.find('\0');
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  std::string_view rest = input;
  const std::string_view text = take_part(rest);
  const std::string_view body = take_part(rest);
  const auto program = hyd::vtl::parse(text);
  if (!program) return 0;

  const hyd::vtl::NameValue query[] = {{"q", rest}};
  const hyd::vtl::ContextField context[] = {{"", "stage", "v1"},
                                            {"identity", "sourceIp", "10.0.0.1"}};
  hyd::vtl::Inputs inputs;
  inputs.body = body;
  inputs.query = query;
  inputs.context = context;
  hyd::vtl::Limits limits;
  limits.steps_max = 20'000;
  limits.output_bytes_max = 200'000;
  limits.heap_bytes_max = 64u << 20;
  hyd::vtl::Renderer renderer;
  const auto first = renderer.render(**program, inputs, limits);
  const auto second = renderer.render(**program, inputs, limits);
  HYD_CHECK(first.has_value() == second.has_value());
  if (first) {
    HYD_CHECK(first->output == second->output);
    HYD_CHECK(first->output.size() <= limits.output_bytes_max);
    HYD_CHECK(first->steps <= limits.steps_max);
  } else {
    HYD_CHECK(first.error().what == second.error().what);
    HYD_CHECK(first.error().place == second.error().place);
  }
  return 0;
}
