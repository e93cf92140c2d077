// A template in the classic dialect: macros, #evaluate and #parse, which finds the template itself.
// Rendering twice gives the same, and nothing beyond the limits.
#include "base/check.h"
#include "vtl/classic.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

class Itself final : public hyd::vtl::TemplateFiles {
 public:
  explicit Itself(std::string text) : text_(std::move(text)) {}
  std::optional<std::string> read(std::string_view) override { return text_; }

 private:
  std::string text_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  Itself files(text);
  hyd::codec::Json variables;
  variables.set("a", "text");
  const hyd::vtl::ClassicInputs inputs{
      .variables = &variables, .files = &files, .macros = "#macro(lib $x)[$x]#end"};
  hyd::vtl::Limits limits = hyd::vtl::kClassicLimits;
  limits.steps_max = 20'000;
  limits.output_bytes_max = 200'000;
  limits.heap_bytes_max = 64u << 20;
  const auto first = hyd::vtl::render_classic(text, inputs, limits);
  const auto second = hyd::vtl::render_classic(text, inputs, limits);
  HYD_CHECK(first.has_value() == second.has_value());
  if (first) {
    HYD_CHECK(first->output == second->output);
    HYD_CHECK(first->steps <= limits.steps_max);
  } else {
    HYD_CHECK(first.error().what == second.error().what);
  }
  return 0;
}
