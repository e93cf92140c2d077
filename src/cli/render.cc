#include "cli/render.h"

#include "base/clock.h"
#include "cli/classic.h"
#include "cli/sample.h"
#include "cli/template_source.h"
#include "codec/json.h"
#include "sys/output.h"
#include "sys/real_runtime.h"
#include "vtl/program.h"
#include "vtl/render.h"
#include "vtl/tools/overrides.h"
#include "vtl/tools/put_data.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::cli {
namespace {

// Until both are reached or the second is: enough to be past cold caches, not to be waited for.
constexpr std::uint64_t kTimedRenders = 1'000;
constexpr std::chrono::milliseconds kTimedFor{50};

int fail(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitFailed;
}

std::string counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string duration(std::chrono::nanoseconds time) {
  const auto ns = static_cast<double>(time.count());
  if (ns < 1e3) return fmt::format("{:.0f} ns", ns);
  if (ns < 1e6) return fmt::format("{:.1f} us", ns / 1e3);
  return fmt::format("{:.1f} ms", ns / 1e6);
}

// What one render takes when it is one of many.
base::Result<std::string> time_of(const vtl::Program& program, const vtl::Inputs& inputs) {
  ASSIGN_OR_RETURN(const auto runtime, sys::make_real_runtime());
  vtl::Renderer renderer;
  base::Clock& clock = runtime->clock();
  const base::MonoTime began = clock.mono();
  std::uint64_t renders = 0;
  do {
    if (!renderer.render(program, inputs)) break;
    ++renders;
  } while (renders < kTimedRenders && clock.mono() - began < kTimedFor);
  const std::chrono::nanoseconds took = clock.mono() - began;
  const auto each = took / static_cast<std::int64_t>(std::max<std::uint64_t>(renders, 1));
  return fmt::format("{} a render ({})", duration(each), counted(renders, "render"));
}

void print_data(const vtl::Rendered& rendered) {
  for (const vtl::PutData& data : vtl::put_data(rendered.output)) {
    if (!data.problem.empty()) {
      sys::print_line(fmt::format("--- {}: it cannot be decoded: {}", data.where, data.problem));
      continue;
    }
    sys::print_line(
        fmt::format("--- {}, decoded ({})", data.where, counted(data.bytes.size(), "byte")));
    const std::string shown = vtl::readable(data.bytes);
    sys::print_bytes(shown);
    if (!shown.ends_with('\n')) sys::print_line(shown.empty() ? "" : "\n(no line end)");
  }
}

void print_overrides(const vtl::Rendered& rendered) {
  for (const vtl::NamedOverride& one : vtl::overrides_of(rendered)) {
    sys::print_line(fmt::format("--- $context.{}\n{}", one.name, codec::to_text(*one.value)));
  }
}

}  // namespace

int render(const RenderOptions& options, const Actions& actions) {
  const auto source = find_template(options.which, actions);
  if (!source) return fail(source.error().what);
  if (options.classic) return render_classic(*source, *options.classic, options.raw);
  const auto sample = read_sample(options.request);
  if (!sample) return fail(sample.error().what);
  const auto program = vtl::parse(source->text);
  if (!program) {
    sys::print_error_line(diagnosis(*source, program.error().place, program.error().what));
    return kExitFailed;
  }
  const vtl::Inputs inputs = sample->inputs();
  const auto rendered = vtl::render(**program, inputs);
  if (!rendered) {
    sys::print_error_line(diagnosis(*source, rendered.error().place, rendered.error().what));
    return kExitFailed;
  }
  if (options.raw) {
    sys::print_bytes(rendered->output);
    return kExitOk;
  }
  sys::print_line(rendered->output);
  print_data(*rendered);
  print_overrides(*rendered);
  if (rendered->loops_cut > 0) {
    sys::print_line(fmt::format("--- {} of a #foreach were left out: at most {} are run",
                                rendered->loops_cut == 1 ? "rounds" : "rounds in several loops",
                                vtl::kLoopRoundsMax));
  }
  const auto time = time_of(**program, inputs);
  if (!time) return fail(time.error().what);
  sys::print_line(fmt::format("--- {}, {}", *time, counted(rendered->steps, "step")));
  return kExitOk;
}

}  // namespace hyd::cli
