#include "cli/render.h"

#include "base/units.h"
#include "cli/command_line.h"
#include "sys/input.h"
#include "sys/output.h"
#include "vtl/program.h"
#include "vtl/render.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace hyd::cli {
namespace {

// Above API Gateway's 10 MB, so that a body of exactly the limit can be tried.
constexpr base::ByteCount kBodyMax = base::mib(16);
constexpr base::ByteCount kTemplateMax = base::mib(1);  // the parser's own limit is lower

int fail(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitFailed;
}

int fail_at(const std::string& file, const vtl::Place& place, std::string_view what) {
  sys::print_error_line(fmt::format("{}:{}:{}: {}", file, place.line, place.column, what));
  return kExitFailed;
}

}  // namespace

int render(const RenderOptions& options) {
  const auto text = sys::read_input(options.template_file, kTemplateMax);
  if (!text) return fail(text.error().what);
  const auto body = sys::read_input(options.body_file, kBodyMax);
  if (!body) return fail(body.error().what);
  const auto program = vtl::parse(*text);
  if (!program) {
    return fail_at(options.template_file, program.error().place, program.error().what);
  }
  vtl::Inputs inputs{};
  inputs.body = *body;
  const auto rendered = vtl::render(**program, inputs);
  if (!rendered) {
    return fail_at(options.template_file, rendered.error().place, rendered.error().what);
  }
  if (options.raw) {
    sys::print_bytes(rendered->output);
  } else {
    sys::print_line(rendered->output);
  }
  return kExitOk;
}

}  // namespace hyd::cli
